"""A manual laid out on A4, as whoever prints it would: a converter for the few signs that the manuals use,
then WeasyPrint. For tests only.
"""

import html
import re
from pathlib import Path

from weasyprint import HTML

FONTS = Path(__file__).resolve().parents[1] / "kiosk_app" / "fonts"
STYLE = f"""
@font-face {{ font-family: Noto; src: url({(FONTS / "NotoSans-Regular.ttf").as_uri()}) }}
@font-face {{ font-family: Noto; font-weight: bold; src: url({(FONTS / "NotoSans-Bold.ttf").as_uri()}) }}
@page {{ size: A4; margin: 16mm 18mm }}
body {{ font: 11pt/1.35 Noto; }}
h1 {{ font-size: 18pt }} h2 {{ font-size: 13pt }} h3 {{ font-size: 11pt }}
h1, h2, h3 {{ margin: 0.6em 0 0.3em; break-after: avoid }}
p, ul, ol, table {{ margin: 0.35em 0 }}
img {{ width: 78mm; border: 0.5pt solid #888 }}
p.picture {{ display: inline-block; margin-right: 4mm; break-inside: avoid }}
td, th {{ border: 0.5pt solid #888; padding: 2pt 4pt; text-align: left; vertical-align: top }}
table {{ border-collapse: collapse }}
"""
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
ITEM = re.compile(r"(-|\d+\.) (.*)")


def pages_of(manual: Path) -> int:
    """How many sheets of A4, printed on one side."""
    document = HTML(
        string=f"<style>{STYLE}</style>{html_of(manual.read_text('utf-8'))}", base_url=str(manual)
    )
    return len(document.render().pages)


def html_of(text: str) -> str:
    """Headings, paragraphs, lists of one level, tables, pictures; bold, code and links inside."""
    return "\n".join(
        _block(block.strip().splitlines()) for block in re.split(r"\n\s*\n", text) if block.strip()
    )


def _block(lines: list[str]) -> str:
    if heading := re.match(r"(#{1,3}) (.*)", lines[0]):
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>" + (_block(lines[1:]) if lines[1:] else "")
    if PICTURE.fullmatch(lines[0]) and len(lines) == 1:
        return f'<p class="picture">{_inline(lines[0])}</p>'
    if ITEM.match(lines[0]):
        return _list(lines)
    if lines[0].startswith("|"):
        rows = [line.strip("|").split("|") for line in lines if not set(line) <= set("|-: ")]
        return f"<table>{''.join(map(_row, rows))}</table>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _list(lines: list[str]) -> str:
    kind = "ul" if lines[0].startswith("-") else "ol"
    items: list[str] = []
    for line in lines:
        found = ITEM.match(line)
        if found:
            items.append(found[2])
        else:
            items[-1] += " " + line.strip()
    return f"<{kind}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{kind}>"


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(f'<td>{_inline(cell.strip())}</td>' for cell in cells)}</tr>"


def _inline(text: str) -> str:
    text = PICTURE.sub(r'<img alt="\1" src="\2">', html.escape(text, quote=False))
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text))
