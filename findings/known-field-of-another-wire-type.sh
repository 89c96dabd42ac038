#!/usr/bin/env bash
# protobuf 7.36.2 and betterproto 1.2.5 (PyPI), protobufjs 8.8.1 and pbf 5.1.2 (npm): a diagnosis key whose known field
# came with another wire type.
#
# By the rules of the format such a field is unknown: kept or skipped, never read. Field 2, transmission_risk_level, is a
# varint; here it comes as fixed32, and once as bytes. Four decoders, three answers:
# - protobuf (both of its implementations) and protobufjs read a key without a level;
# - pbf never looks at the wire type when it is asked for a varint: of fixed32 it takes the first byte, level 5; of bytes
#   it takes their LENGTH for the level, and then what is in them for further fields;
# - betterproto refuses fixed32 with a KeyError, and makes a list of bytes: level [5], where a number belongs.
# A key's level decides its score, so that two readers of one signed file may disagree about a notification.
#
# Seen: protobuf and protobufjs no level; pbf 5 and 1; betterproto KeyError and [5].
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet protobuf==7.36.2 betterproto==1.2.5
npm install --silent --no-audit --no-fund --prefix "$folder" protobufjs@8.8.1 pbf@5.1.2 >/dev/null

cat > read.py <<'PYTHON'
from dataclasses import dataclass
import betterproto
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

key = b"\x0a\x10" + bytes(16)
cases = {"fixed32": key + b"\x15\x05\0\0\0", "bytes": key + b"\x12\x01\x05"}
file = descriptor_pb2.FileDescriptorProto(name="key.proto", syntax="proto2")
message = file.message_type.add(name="Key")
message.field.add(name="key_data", number=1, type=12, label=1)
message.field.add(name="level", number=2, type=5, label=1)
pool = descriptor_pool.DescriptorPool()
pool.AddSerializedFile(file.SerializeToString())
Key = message_factory.GetMessageClass(pool.FindMessageTypeByName("Key"))

@dataclass
class Better(betterproto.Message):
    key_data: bytes = betterproto.bytes_field(1)
    level: int = betterproto.int32_field(2)

for name, (case, expected) in {n: (cases[n], e) for n, e in {"fixed32": "KeyError", "bytes": [5]}.items()}.items():
    read = Key.FromString(case)
    assert len(read.key_data) == 16 and not read.HasField("level"), "the behaviour has changed"
    try:
        better = Better().parse(case).level
    except KeyError:
        better = "KeyError"
    print(f"{name}: protobuf no level, betterproto {better}")
    assert better == expected, "the behaviour has changed"
PYTHON
venv/bin/python read.py
PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=python venv/bin/python read.py

cat > read.mjs <<'JS'
import protobuf from "protobufjs";
import { PbfReader } from "pbf";

const Key = protobuf.parse('syntax = "proto2"; message Key { optional bytes key_data = 1; optional int32 level = 2; }', { keepCase: true }).root.lookupType("Key");
const key = [0x0a, 0x10, ...new Uint8Array(16)];
for (const [name, field, expected] of [["fixed32", [0x15, 5, 0, 0, 0], 5], ["bytes", [0x12, 1, 5], 1]]) {
  const bytes = Uint8Array.from([...key, ...field]);
  const one = "level" in Key.toObject(Key.decode(bytes));
  const two = new PbfReader(bytes).readFields((tag, read, pbf) => {
    if (tag === 1) read.key_data = pbf.readBytes();
    else if (tag === 2) read.level = pbf.readVarint(true);
  }, {});
  console.log(`${name}: protobufjs ${one ? "a level" : "no level"}, pbf level ${two.level}`);
  if (one || two.level !== expected) throw new Error("the behaviour has changed");
}
JS
node read.mjs
