"""Passes frames of the command between two virtual Bluetooth controllers, and has Wireshark's dissector read what was heard.

    bluetooth.py GAEN

Both are independent of us: bumble carries the advertisement, and tshark knows the layout of the frame.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bumble.controller import Controller
from bumble.device import AdvertisingType, Device
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.snoop import BtSnooper
from bumble.transport.common import AsyncPipeSink

# The first and the last identifier of a key, sent by phones of both kinds.
KEY = ["--tek", "75c734c6dd1a782de7a965da5eb93125", "--start", "2642976", "--metadata", "40080000"]
PLATFORMS = ["ios", "android"]


def gaen(*arguments):
    return json.loads(subprocess.run([sys.argv[1], *arguments, "--json"], check=True, capture_output=True).stdout)


def device(name, address, link):
    controller = Controller(name, link=link)
    host = Host(controller, AsyncPipeSink(controller))
    return Device(name, Address(address), host=host)


async def heard(frames, capture):
    """Sends each frame until it is heard. Returns what arrived, in that order."""
    link = LocalLink()
    phone, listener = (device(name, f"F{at}:F1:F2:F3:F4:F5", link) for at, name in enumerate(["phone", "listener"]))
    listener.host.snooper = BtSnooper(capture)
    await phone.power_on()
    await listener.power_on()
    arrived = asyncio.Queue()
    listener.on("advertisement", lambda advertisement: arrived.put_nowait(advertisement.data_bytes))
    await listener.start_scanning(filter_duplicates=False)
    answers = []
    for frame in frames:
        # Phones send frames to which nobody can connect.
        await phone.start_advertising(AdvertisingType.UNDIRECTED, advertising_data=frame)
        while (got := await asyncio.wait_for(arrived.get(), 20)) in answers:
            pass
        answers.append(got)
        await phone.stop_advertising()
    return answers


def dissected(capture):
    """The identifiers and the metadata that tshark finds, each pair once, in their order."""
    fields = ["-T", "fields", "-e", "bluetooth.gaen.rpi", "-e", "bluetooth.gaen.aemd"]
    command = ["tshark", "-r", capture, "-Y", "bluetooth.gaen", *fields]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return list(dict.fromkeys(tuple(line.replace(":", "").split("\t")) for line in lines))


def main():
    identifiers = gaen("derive", *KEY)["rpis"]
    sent = [(each["rpi"], each["aem"]) for each in (identifiers[0], identifiers[-1])]
    frames = [
        bytes.fromhex(gaen("frame", "encode", "--rpi", rpi, "--aem", aem, "--platform", platform)["frame"])
        for rpi, aem in sent
        for platform in PLATFORMS
    ]
    with tempfile.NamedTemporaryFile(suffix=".btsnoop") as capture:
        assert asyncio.run(heard(frames, capture)) == frames, "a frame was changed on its way"
        capture.flush()
        found = dissected(capture.name)
    assert found == sent, f"tshark reads {found}, sent were {sent}"
    for frame, (rpi, aem) in zip(frames, [pair for pair in sent for _ in PLATFORMS]):
        read = gaen("frame", "decode", frame.hex())
        assert (read["rpi"], read["aem"]) == (rpi, aem), read
    print(f"{len(frames)} frames heard, and read by tshark as sent")


if __name__ == "__main__":
    main()
