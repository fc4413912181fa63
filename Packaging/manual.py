"""Writes the manual pages of azimuth, in mdoc(7), from what its commands declare.

    manual.py FOLDER <DUMP        DUMP: what `azimuth --experimental-dump-help` prints

One page for the program and one for each command and part of one. Exit statuses are those of README.md, files and
environment those of sections.mdoc beside this file. The date is that of SOURCE_DATE_EPOCH.
"""
import datetime
import json
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Said once, on the page of the program.
COMMON = {"help", "version"}


def text(words):
    """A text line: nothing in it is a request or an escape; `code` is set in bold."""
    prose, *rest = re.split(r"`([^`]+)`", words)
    line = prose.replace("\\", "\\e")
    for code, prose in zip(rest[::2], rest[1::2]):
        line += f"\\fB{literal(code)}\\fR" + prose.replace("\\", "\\e")
    return "\\&" + line if line[:1] in (".", "'") else line


def literal(words):
    """What is typed, as it is: groff would make typographic signs of some."""
    for sign, escape in (("\\", "\\e"), ("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"),
                         ("~", "\\(ti"), ("^", "\\(ha")):
        words = words.replace(sign, escape)
    return "\\&" + words if words[:1] == "." else words


def argument(words):
    """Words behind a macro: none of them is taken for another one."""
    return re.sub(r"\b(?=[A-Z][a-z]\b)", r"\\&", text(words))


def paragraphs(discussion):
    """The prose of a discussion and its examples, which stand below a line `Examples:`."""
    prose, examples = [], []
    for block in re.split(r"\n\s*\n", discussion.strip()):
        if block.startswith("Examples:"):
            examples = [line.strip() for line in block.splitlines()[1:]]
        elif block and not block.startswith("Exit status:"):
            prose.append(" ".join(block.split()))
    return prose, examples


def names(item):
    """The forms of an option, the short one first."""
    found = sorted(item.get("names", []), key=lambda name: name["kind"] != "short")
    return " , ".join(("Fl \\-" if name["kind"] == "long" else "Fl ") + literal(name["name"])
                      for name in found)


def synopsis(item):
    if item["kind"] == "positional":
        word = f"Ar {literal(item['valueName'])}" + (" ..." if item["isRepeating"] else "")
    else:
        word = names(item).split(" , ")[-1]
        if item["kind"] == "option":
            word += f" Ar {literal(item['valueName'])}"
    return f".Op {word}" if item["isOptional"] else f".{word}"


def explained(item):
    words = item.get("abstract", "")
    if item.get("defaultValue"):
        words += f" Default: {item['defaultValue']}."
    return text(words)


def page(name, section, parts, version, date):
    lines = [f".Dd {date}", f".Dt {name.upper()} {section}", f".Os Azimuth {version}"]
    for title, body in parts:
        if body:
            lines += [f".Sh {title}", *body]
    return "\n".join(lines) + "\n"


def listed(items):
    """Pairs of a macro line's words and a text line as a tagged list."""
    if not items:
        return []
    lines = [".Bl -tag -width Ds"]
    for head, words in items:
        lines += [f".It {head}", words]
    return [*lines, ".El"]


def prose(blocks):
    lines = []
    for block in blocks:
        lines += ([".Pp"] if lines else []) + [text(block)]
    return lines


def shown(examples):
    if not examples:
        return []
    return [".Bd -literal -offset indent", *map(literal, examples), ".Ed"]


def exit_statuses():
    rows = re.findall(r"(?m)^\| (\d+) \| (.+) \|$", (HERE.parent / "README.md").read_text())
    return listed([(number, text(meaning[0].upper() + meaning[1:] + "."))
                   for number, meaning in rows])


def sections():
    """FILES, ENVIRONMENT and what else sections.mdoc holds, by title."""
    parts = re.split(r"(?m)^\.Sh (.+)\n", (HERE / "sections.mdoc").read_text())[1:]
    return {title: body.rstrip("\n").split("\n") for title, body in zip(parts[::2], parts[1::2])}


def subcommands(command):
    return [part for part in command.get("subcommands", [])
            if part["shouldDisplay"] and part["commandName"] != "help"]


def named(words, commands):
    """Commands with their pages and what they are for."""
    return listed([(f"Xr {'-'.join([*words, command['commandName']])} 1", text(command["abstract"]))
                   for command in commands])


def command_page(words, command, version, date):
    name = "-".join(words)
    own = [item for item in command.get("arguments", [])
           if item["shouldDisplay"] and item["valueName"] not in COMMON]
    own.sort(key=lambda item: item["kind"] == "positional")
    said, examples = paragraphs(command.get("discussion", ""))
    heads = [(names(item) + (f" Ar {literal(item['valueName'])}" if item["kind"] == "option" else "")
              if item["kind"] != "positional" else f"Ar {literal(item['valueName'])}",
              explained(item)) for item in own]
    return page(name, 1, [
        ("NAME", [f".Nm {name}", f".Nd {argument(summary(command))}"]),
        ("SYNOPSIS", [f".Nm {' '.join(words)}", *map(synopsis, own),
                      *([".Ar command", ".Op Ar options"] if subcommands(command) else [])]),
        ("DESCRIPTION", prose([command["abstract"], *said])),
        ("COMMANDS", named(words, subcommands(command))),
        ("OPTIONS", listed(heads)),
        ("EXIT STATUS", ["As listed in", ".Xr azimuth 1 ."]),
        ("EXAMPLES", shown(examples)),
        ("SEE ALSO", [f".Xr {'-'.join(words[:-1])} 1"]),
    ], version, date)


def summary(command):
    """The abstract as a phrase of an index of pages."""
    words = command["abstract"].rstrip(".")
    return words[0].lower() + words[1:]


def main_page(root, commands, version, date):
    said, examples = paragraphs(root["discussion"])
    more = sections()
    return page("azimuth", 1, [
        ("NAME", [".Nm azimuth", f".Nd {argument(summary(root))}"]),
        ("SYNOPSIS", [".Nm", ".Op Ar command", ".Op Ar options", ".Nm", ".Fl \\-version | \\-help"]),
        ("DESCRIPTION", more.pop("DESCRIPTION") + [".Pp", *prose(said)]),
        ("COMMANDS", ["Each has a page of its own.", *named(["azimuth"], commands)]),
        ("EXIT STATUS", exit_statuses()),
        ("ENVIRONMENT", more.pop("ENVIRONMENT")),
        ("FILES", more.pop("FILES")),
        ("EXAMPLES", shown(examples)),
        *more.items(),
    ], version, date)


def main():
    folder = pathlib.Path(sys.argv[1])
    root = json.load(sys.stdin)["command"]
    version = os.environ["AZIMUTH_VERSION"]
    day = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]),
                                          datetime.timezone.utc)
    date = day.strftime("%B %-d, %Y")
    commands = subcommands(root)
    (folder / "azimuth.1").write_text(main_page(root, commands, version, date))
    pages = [(["azimuth"], command) for command in commands]
    while pages:
        above, command = pages.pop()
        words = [*above, command["commandName"]]
        (folder / f"{'-'.join(words)}.1").write_text(command_page(words, command, version, date))
        pages += [(words, part) for part in subcommands(command)]


main()
