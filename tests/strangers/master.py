"""A Modbus RTU master that is minimalmodbus and nothing of ours, 9600 8N1. One question to one unit:

    master.py PORT UNIT read FIRST COUNT         holding registers, function 3
    master.py PORT UNIT write-one REGISTER VALUE function 6
    master.py PORT UNIT write FIRST VALUE…       function 16
    master.py PORT UNIT inputs FIRST COUNT       discrete inputs, function 2

Prints the values it read, `written`, `refused` when the unit answers with an exception, or `no answer`.
"""

import sys

import minimalmodbus

ANSWER_WITHIN_S = 0.5


def ask(unit: minimalmodbus.Instrument, what: str, first: int, rest: list[int]) -> str:
    match what:
        case "read":
            return " ".join(map(str, unit.read_registers(first, rest[0], functioncode=3)))
        case "inputs":
            return " ".join(map(str, unit.read_bits(first, rest[0], functioncode=2)))
        case "write-one":
            unit.write_register(first, rest[0], functioncode=6)
            return "written"
        case "write":
            unit.write_registers(first, rest)
            return "written"
    sys.exit(f"master.py: {what} is no question")


def main(port: str, unit: str, what: str, first: str, *rest: str) -> None:
    instrument = minimalmodbus.Instrument(port, int(unit))
    instrument.serial.baudrate = 9600
    instrument.serial.timeout = ANSWER_WITHIN_S
    try:
        print(ask(instrument, what, int(first), [int(value) for value in rest]))
    except minimalmodbus.NoResponseError:
        print("no answer")
    except minimalmodbus.SlaveReportedException:
        print("refused")


main(*sys.argv[1:])
