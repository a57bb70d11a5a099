# Read by Python at its start where the kernel has no /proc/modules: netlab reads it and would stop.
import pathlib

_read_text = pathlib.Path.read_text


def read_text(self, *args, **kwargs):
    return "" if str(self) == "/proc/modules" else _read_text(self, *args, **kwargs)


pathlib.Path.read_text = read_text
