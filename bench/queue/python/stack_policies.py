"""What the gateway remembers between requests, as squall's reference design has it. Constants that no design sets are those of harness/serving."""

import math
from collections import deque

# How an attempt ends.
OK = "ok"
THROTTLED = "throttled"
FAILED = "failed"
GIVEN_UP = "given up"

BUDGET_WINDOW_MS = 10_000
STRAIN_WEIGHT = 0.2
STRAINED_FROM = 0.25
STRAIN_HALF_LIFE_MS = 1000


class Budget:
    """Retries and hedges in the last ten seconds: a share of the requests in them, and some a second."""

    def __init__(self, env, retry):
        self.env = env
        self.ratio = retry["budgetRatio"]
        self.guaranteed = retry["budgetMinPerS"] * BUDGET_WINDOW_MS / 1000
        self.requests = deque()
        self.taken = deque()

    def on_request(self):
        self.requests.append(self.env.now)

    def try_take(self):
        oldest = self.env.now - BUDGET_WINDOW_MS
        for times in (self.requests, self.taken):
            while times and times[0] < oldest:
                times.popleft()
        if len(self.taken) + 1 > self.ratio * len(self.requests) + self.guaranteed:
            return False
        self.taken.append(self.env.now)
        return True


class Breaker:
    """Open after so many failures in a row; then, after a while, one attempt probes."""

    def __init__(self, env, policy):
        self.env = env
        self.threshold = policy["consecutiveFailures"]
        self.half_open_after = policy["halfOpenAfterMs"]
        self.failures = 0
        self.opened_at = None
        self.probe = None

    @property
    def is_probe_due(self):
        return self.opened_at is not None and self.probe is None and self.env.now - self.opened_at >= self.half_open_after

    @property
    def is_open(self):
        return self.opened_at is not None and not self.is_probe_due

    def begin(self, attempt):
        if self.is_probe_due:
            self.probe = attempt

    def end(self, attempt, outcome):
        """Throttling is an answer: it closes after a probe, but ends no row of failures. An attempt that is given up is neither."""
        if attempt is self.probe:
            self.probe = None
            self.failures = 0
            self.opened_at = None if outcome in (OK, THROTTLED) else self.env.now
        elif outcome == OK:
            self.failures = 0
        elif outcome == FAILED:
            self.failures += 1
            if self.failures >= self.threshold and self.opened_at is None:
                self.opened_at = self.env.now


class Strain:
    """Share of failed or throttled attempts, a moving average that fades: a strained region is asked last."""

    def __init__(self, env):
        self.env = env
        self.share = 0.0
        self.recorded_at = 0.0

    def current(self):
        return self.share * 0.5 ** ((self.env.now - self.recorded_at) / STRAIN_HALF_LIFE_MS)

    @property
    def is_strained(self):
        return self.share > STRAINED_FROM and self.current() > STRAINED_FROM

    def record(self, is_failure):
        self.share = self.current() * (1 - STRAIN_WEIGHT) + (STRAIN_WEIGHT if is_failure else 0)
        self.recorded_at = self.env.now


def backoffs(draws, retry):
    """Exponential with decorrelated jitter, as cockatiel and Polly draw it."""
    before = 0.0
    for attempt in range(retry["maxRetries"]):
        t = attempt + draws.random()
        drawn = 2**t * math.tanh(math.sqrt(4 * t))
        yield min(max(0.0, drawn - before) / 1.4 * retry["initialBackoffMs"], retry["maxBackoffMs"])
        before = drawn
