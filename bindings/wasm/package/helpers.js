// Workers that help a search. They share no module: tasks and answers lie on a board, the one memory that all of them see.
//
// A place of the board holds a number for its state, one for its length, and room for a task or its answer:
//
//   GONE -> FREE             its helper has arranged what was heard
//   FREE -> GIVEN            the search gives a task
//   GIVEN -> FREE            the search takes it back: no helper has begun
//   GIVEN -> BEGUN           its helper begins
//   BEGUN -> DONE | REFUSED  it has written an answer, or cannot answer
//   BEGUN -> GONE            the search waits no longer
//   any -> GONE              the helper has ended, or has failed
//   DONE | REFUSED -> FREE   the search has read the answer
const [GONE, FREE, GIVEN, BEGUN, DONE, REFUSED] = [0, 1, 2, 3, 4, 5];

/** Tasks that a helper may hold, so that it has some while the search reads on. */
const PLACES = 4;

/** Milliseconds that a search waits for a task, which takes some ten. */
const PATIENCE = 10_000;

/** The parts of a board. Its last number is a bell, which wakes helpers; the one before it says that the search has ended. */
function partsOf(memory, places) {
  const numbers = new Int32Array(memory, 0, 2 * places + 2);
  const room = (memory.byteLength - numbers.byteLength) / places;
  const rooms = Array.from({ length: places }, (_, place) => new Uint8Array(memory, numbers.byteLength + place * room, room));
  return { numbers, rooms, length: places, end: 2 * places, bell: 2 * places + 1 };
}

/** The side of the search. `ports` lead to the helpers, one each: workers, or ports of channels to them. */
export class Helpers {
  #ports;
  #patience;
  #board;

  constructor(ports, { patience = PATIENCE } = {}) {
    this.#ports = [...ports];
    this.#patience = patience;
  }

  get places() {
    return PLACES * this.#ports.length;
  }

  begin(heard, taskBytes) {
    const { places } = this;
    const memory = new SharedArrayBuffer(places * taskBytes + 4 * (2 * places + 2));
    this.#board = partsOf(memory, places);
    // One copy for all helpers.
    const shared = new Uint8Array(new SharedArrayBuffer(heard.length));
    shared.set(heard);
    this.#ports.forEach((port, number) => port.postMessage({ heard: shared, memory, places, first: number * PLACES }));
  }

  give(place, task) {
    const { numbers, rooms, length, bell } = this.#board;
    if (Atomics.load(numbers, place) !== FREE) return false;
    rooms[place].set(task);
    numbers[length + place] = task.length;
    Atomics.store(numbers, place, GIVEN);
    Atomics.add(numbers, bell, 1);
    Atomics.notify(numbers, bell);
    return true;
  }

  hasAnswered(place) {
    return Atomics.load(this.#board.numbers, place) >= DONE;
  }

  answer(place) {
    const { numbers, rooms, length } = this.#board;
    if (Atomics.compareExchange(numbers, place, GIVEN, FREE) === GIVEN) return undefined;
    if (Atomics.wait(numbers, place, BEGUN, this.#patience) === "timed-out") Atomics.compareExchange(numbers, place, BEGUN, GONE);
    const state = Atomics.load(numbers, place);
    const answer = state === DONE ? rooms[place].slice(0, numbers[length + place]) : undefined;
    if (state !== GONE) Atomics.store(numbers, place, FREE);
    return answer;
  }

  end() {
    const { numbers, end, bell } = this.#board;
    Atomics.store(numbers, end, 1);
    Atomics.add(numbers, bell, 1);
    Atomics.notify(numbers, bell);
    this.#board = null;
  }
}

/** The side of a helper: does the tasks of every search that comes through `port`. `loading` becomes the module's `Helper`. */
export function helpThrough(port, loading) {
  port.onmessage = async ({ data }) => work(data, await loading);
}

function work({ heard, memory, places, first }, Helper) {
  const { numbers, rooms, length, end, bell } = partsOf(memory, places);
  const own = Array.from({ length: PLACES }, (_, number) => first + number);
  try {
    const helper = Helper.of(heard);
    own.forEach((place) => Atomics.store(numbers, place, FREE));
    for (;;) {
      const rung = Atomics.load(numbers, bell);
      if (Atomics.load(numbers, end)) break;
      const place = own.find((place) => Atomics.compareExchange(numbers, place, GIVEN, BEGUN) === GIVEN);
      if (place === undefined) {
        Atomics.wait(numbers, bell, rung);
        continue;
      }
      const answer = helper.search(rooms[place].subarray(0, numbers[length + place]));
      if (answer) rooms[place].set(answer);
      numbers[length + place] = answer?.length ?? 0;
      Atomics.compareExchange(numbers, place, BEGUN, answer ? DONE : REFUSED);
      Atomics.notify(numbers, place);
    }
    helper.free();
  } finally {
    // A search does not wait for a helper that has failed.
    for (const place of own) {
      Atomics.store(numbers, place, GONE);
      Atomics.notify(numbers, place);
    }
  }
}
