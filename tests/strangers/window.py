"""A window sign that is pymodbus and nothing of ours: a Modbus RTU server with eight holding registers, 9600 8N1.

    window.py PORT UNIT

Prints `ready`, and from then on what the registers hold whenever that has changed: `65 48 48 49 32 32 0 0`.
"""

import asyncio
import sys

from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

REGISTERS = 8
READ_HOLDING = 3
LOOK_EVERY_S = 0.01


async def main(port: str, unit: int) -> None:
    held = [0] * REGISTERS
    registers = SimData(0, values=list(held), datatype=DataType.REGISTERS)
    server = ModbusSerialServer(SimDevice(unit, [registers]), framer=FramerType.RTU, port=port, baudrate=9600)
    await server.serve_forever(background=True)
    print("ready", flush=True)
    while True:
        now = await server.async_getValues(unit, READ_HOLDING, 0, REGISTERS)
        if now != held:
            held = list(now)
            print(*held, flush=True)
        await asyncio.sleep(LOOK_EVERY_S)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
