"""The policies of squall's reference design over two regions in SimPy: a process a request and one an exchange, time-outs by AnyOf.

Called with the parameters as JSON and one count of requests a run, the seeds being 1, 2, ...; prints the runs as JSON.
"""

import json
import platform
import random
import statistics
import sys
import time

import simpy
from stack_policies import FAILED, GIVEN_UP, OK, Budget, backoffs
from stack_region import Attempt, Region

# As harness/serving/retry.ts: with less left, no attempt is made.
MIN_ATTEMPT_MS = 10


class Stack:
    def __init__(self, env, draws, parameters):
        self.env = env
        self.draws = draws
        self.parameters = parameters
        self.design = parameters["design"]
        self.regions = [Region(env, draws, parameters, priority) for priority in range(len(parameters["regions"]))]
        self.budget = Budget(env, self.design["retry"])
        self.answer_ms = []
        self.hedges = self.retries = 0
        for region in self.regions:
            env.process(region.check_health(self.design["healthChecks"]))

    def next_region(self, tried):
        """The best of those least tried; when none is usable, of all."""

        def cost(region):
            by_tries = 0
            if tried:
                by_tries = tried.count(region) * 4 + (tried[-1] is region) * 2 + region.breaker.is_probe_due
            return by_tries, region.strain.is_strained, region.priority

        return min([region for region in self.regions if region.is_usable] or self.regions, key=cost)

    def region_beside(self, tried):
        others = [r for r in self.regions if r.is_usable and not r.breaker.is_probe_due and r not in tried]
        return min(others, key=lambda region: (region.strain.is_strained, region.priority), default=None)

    def start(self, region, tried):
        tried.append(region)
        attempt = Attempt(self.env, region, self.design["attemptTimeoutMs"])
        region.breaker.begin(attempt)
        return attempt

    def end(self, attempt, outcome):
        """Counts what an attempt tells of its region."""
        attempt.is_abandoned = not attempt.exchange.processed
        attempt.region.breaker.end(attempt, outcome)
        if outcome != GIVEN_UP:
            attempt.region.strain.record(outcome != OK)

    def hedged(self, region, tried, over):
        """One attempt, with a second beside it if it is slow; the first success wins."""
        running = [self.start(region, tried)]
        slow = self.env.timeout(self.design["hedging"]["afterMs"])
        is_hedged = False
        while True:
            events = [over]
            for attempt in running:
                events += (attempt.exchange, attempt.time_out)
            if not is_hedged:
                events.append(slow)
            yield self.env.any_of(events)
            for attempt in list(running):
                if attempt.exchange.processed:
                    outcome = attempt.exchange.value
                elif attempt.time_out.processed:
                    outcome = FAILED
                else:
                    continue
                self.end(attempt, outcome)
                if outcome == OK:
                    # One that began earlier was overtaken, which tells against it; one that began later was not needed.
                    at = running.index(attempt)
                    for index, other in enumerate(running):
                        if other is not attempt:
                            self.end(other, FAILED if index < at else GIVEN_UP)
                    return OK
                running.remove(attempt)
                if not running:
                    return outcome
            if over.processed:
                for attempt in running:
                    self.end(attempt, GIVEN_UP)
                return GIVEN_UP
            if slow.processed and not is_hedged:
                is_hedged = True
                other = self.region_beside(tried)
                if other and self.budget.try_take():
                    self.hedges += 1
                    running.append(self.start(other, tried))

    def serve(self, over, deadline_at):
        """Attempts until one succeeds, or retries, budget or time are used up."""
        self.budget.on_request()
        tried = []
        delays = backoffs(self.draws, self.design["retry"])
        while True:
            outcome = yield from self.hedged(self.next_region(tried), tried, over)
            if outcome in (OK, GIVEN_UP):
                return outcome
            delay = next(delays, None)
            if delay is None or deadline_at - self.env.now - delay < MIN_ATTEMPT_MS or not self.budget.try_take():
                return outcome
            yield self.env.timeout(delay) | over
            if over.processed:
                return GIVEN_UP
            self.retries += 1

    def request(self):
        env = self.env
        sent_at = env.now
        caller = env.timeout(self.parameters["callerTimeoutMs"])
        yield env.timeout(self.parameters["gatewayMs"])
        deadline = env.timeout(self.design["deadlineMs"])
        outcome = yield from self.serve(caller | deadline, env.now + self.design["deadlineMs"])
        if outcome == OK:
            self.answer_ms.append(env.now - sent_at)


def run(parameters, requests, seed):
    started_at = time.perf_counter()
    draws = random.Random(seed)
    env = simpy.Environment()
    stack = Stack(env, draws, parameters)
    per_ms = parameters["queue"]["ratePerS"] / 1000

    def arrivals():
        for _ in range(requests):
            yield env.timeout(draws.expovariate(per_ms))
            env.process(stack.request())
        # By then every request is over.
        yield env.timeout(parameters["callerTimeoutMs"])

    env.run(until=env.process(arrivals()))
    return {
        "requests": requests,
        "unanswered": requests - len(stack.answer_ms),
        "p50Ms": statistics.median(stack.answer_ms),
        "meanMs": statistics.fmean(stack.answer_ms),
        "hedges": stack.hedges,
        "retries": stack.retries,
        "tookMs": (time.perf_counter() - started_at) * 1000,
    }


parameters = json.loads(sys.argv[1])
runs = [run(parameters, int(count), index + 1) for index, count in enumerate(sys.argv[2:])]
print(json.dumps({"python": platform.python_version(), "simpy": simpy.__version__, "runs": runs}))
