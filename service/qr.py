"""A join link as a QR code in SVG, with its quiet zone. Nothing else."""

from functools import lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Modules of white around the code; scanners need them."""


@lru_cache(maxsize=256)
def svg(link: str) -> str:
    """The code for ``link`` as one inline SVG, one path, white ground included. Error correction M, for screens."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(link)
    code.make(fit=True)
    modules = code.get_matrix()
    size = len(modules)
    runs = "".join(_row(y, row) for y, row in enumerate(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" aria-label="QR code"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{runs}"/></svg>'
    )


def _row(y: int, row: list[bool]) -> str:
    path, x = "", 0
    while x < len(row):
        end = x
        while end < len(row) and row[end]:
            end += 1
        if end > x:
            path += f"M{x} {y}h{end - x}v1H{x}z"
        x = end + 1
    return path
