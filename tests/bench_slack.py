"""The load that the Slack bot must bear, on an index of your own.

    python tests/bench_slack.py HOME [SECONDS] [socket|http]     (default: 60 seconds, both modes)

50 people type `/ask` at once; then 20 a second do, for so many seconds. Each asks for the title of
another document of the index. Prints when the bot acknowledged (p50, p99, in milliseconds), when
the answer was there (p50, p95), how many got other than one answer, and the bot's memory over time:
its own (RssAnon), which must level off, and that of the index and the libraries (RssFile), of which
the kernel takes back what it needs. The stand-in for Slack runs on the same machine.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from bench import home_of
from slack_bot import Bot, running, workspace
from slack_delivery import Gesture
from slack_standin import Slack

from retriever.index.generation import Generation
from retriever.index.home import Home

AT_ONCE = 50
A_SECOND = 20
LOOKS = 6
"""How often the memory is looked at while so many ask in a second."""
_PAGES = ("RssAnon", "RssFile")


def questions(home: Home) -> list[str]:
    documents = Generation.open(home).store.all_documents()
    return [f"What is said about {document.title[:80]}?" for document in documents]


def memory(bot: Bot) -> str:
    """What the bot holds, in MB: its own pages, and those of files that it has mapped."""
    status = Path(f"/proc/{bot.process.pid}/status").read_text()
    own, mapped = (int(status.split(f"{name}:")[1].split()[0]) / 1024 for name in _PAGES)
    return f"{own:.0f} + {mapped:.0f}"


def report(name: str, slack: Slack, asked: Iterable[tuple[float, Gesture]]) -> None:
    asked = list(asked)
    arrived = {call.url: call.at for call in slack.calls("response_url")}
    times = Counter(call.url for call in slack.calls("response_url"))
    acks = [gesture.ack_seconds * 1000 for _, gesture in asked]
    waits = [(arrived.get(g.response_url, np.inf) - at) * 1000 for at, g in asked]
    odd = sum(times[gesture.response_url] != 1 for _, gesture in asked)
    errors = Counter(gesture.user_error for _, gesture in asked if gesture.user_error)
    ack50, ack99 = np.percentile(acks, [50, 99])
    wait50, wait95 = np.percentile(waits, [50, 95])
    print(f"  {name}: {len(asked)} questions; acknowledged p50 {ack50:.0f}, p99 {ack99:.0f} ms; "
          f"answered p50 {wait50:.0f}, p95 {wait95:.0f} ms; "
          f"{odd} without exactly one answer; errors {dict(errors)}", flush=True)  # fmt: skip


def measure(home: Home, mode: str, seconds: float) -> None:
    texts = questions(home)
    with (
        tempfile.TemporaryDirectory() as place,
        workspace(mode) as slack,
        running(slack, home, Path(place) / "log") as bot,
    ):
        print(mode, flush=True)
        for text in texts[:AT_ONCE]:  # what is done once is done
            slack.slash("/ask", text).wait()
        slack.settle(30)
        held = [memory(bot)]
        burst = [(time.time(), slack.slash("/ask", text)) for text in texts[:AT_ONCE]]
        slack.settle(30)
        report("at once", slack, burst)
        started, steady = time.monotonic(), []
        for number in range(int(A_SECOND * seconds)):
            time.sleep(max(0.0, started + number / A_SECOND - time.monotonic()))
            text = texts[number % len(texts)]
            steady.append((time.time(), slack.slash("/ask", text)))
            if number % max(1, int(A_SECOND * seconds / LOOKS)) == 0:
                held.append(memory(bot))
        slack.settle(30)
        held.append(memory(bot))
        report(f"{A_SECOND} a second", slack, steady)
        print(f"  memory in MB (own + mapped) from the start to {seconds:.0f} s later: "
              f"{', '.join(held)}", flush=True)  # fmt: skip


def main() -> None:
    home = home_of(Path(sys.argv[1]).resolve())
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    for mode in sys.argv[3:] or ["socket", "http"]:
        measure(home, mode, seconds)


if __name__ == "__main__":
    main()
