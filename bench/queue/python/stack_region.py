"""A region behind its network, and what the gateway knows of it."""

import math

import simpy
from stack_policies import OK, THROTTLED, Breaker, Strain


class Attempt:
    """One exchange with a region and its time-out."""

    def __init__(self, env, region, timeout_ms):
        self.region = region
        self.is_abandoned = False
        self.time_out = env.timeout(timeout_ms)
        self.exchange = env.process(region.exchange(self))


class Region:
    def __init__(self, env, draws, parameters, priority):
        queue, design = parameters["queue"], parameters["design"]
        self.env = env
        self.draws = draws
        self.network = parameters["network"]
        self.rtt_ms = parameters["regions"][priority]["rttMs"]
        self.connect_trips = parameters["regions"][priority]["connectRoundTrips"]
        self.wire_ms = parameters["wireMs"]
        self.mu = math.log(queue["serviceTimeMs"])
        self.sigma = queue["serviceTimeSigma"]
        self.queue_limit = queue["queueLimit"]
        self.slots = simpy.Resource(env, capacity=queue["concurrency"])
        self.idle_connections = 0
        self.priority = priority
        self.breaker = Breaker(env, design["circuitBreaker"])
        self.strain = Strain(env)
        self.is_healthy = True

    @property
    def is_usable(self):
        return self.is_healthy and not self.breaker.is_open

    def round_trip_ms(self):
        jitter_ms = self.rtt_ms * self.network["jitterShare"] + self.network["jitterFloorMs"]
        return self.rtt_ms + self.draws.expovariate(1 / jitter_ms)

    def loss_ms(self):
        lost_ms, wait_ms = 0.0, self.network["retransmitAfterMs"]
        while self.draws.random() < self.network["lossShare"]:
            lost_ms += wait_ms
            wait_ms *= 2
        return lost_ms

    def connect_ms(self):
        """Nothing with a connection that was kept; it is kept for longer than a run."""
        if self.idle_connections > 0:
            self.idle_connections -= 1
            return 0.0
        return self.network["dnsMs"] + sum(self.round_trip_ms() for _ in range(self.connect_trips))

    def exchange(self, attempt):
        """There, served or throttled, and back; a region goes on with what was abandoned, and its connection is lost."""
        yield self.env.timeout(self.connect_ms() + self.round_trip_ms() + self.loss_ms() + self.wire_ms)
        if attempt.is_abandoned:
            return None
        if self.slots.count == self.slots.capacity and len(self.slots.queue) >= self.queue_limit:
            outcome = THROTTLED
        else:
            with self.slots.request() as slot:
                yield slot
                yield self.env.timeout(self.draws.lognormvariate(self.mu, self.sigma))
            outcome = OK
        loss_ms = self.loss_ms()
        if loss_ms > 0:
            yield self.env.timeout(loss_ms)
        if not attempt.is_abandoned:
            self.idle_connections += 1
        return outcome

    def check_health(self, checks):
        """A process: predictions that no caller asked for; throttling is a sign of life."""
        contrary = 0
        while True:
            started_at = self.env.now
            check = Attempt(self.env, self, checks["timeoutMs"])
            yield check.exchange | check.time_out
            is_good = check.exchange.processed
            check.is_abandoned = not is_good
            contrary = 0 if is_good == self.is_healthy else contrary + 1
            if contrary >= checks["unhealthyThreshold" if self.is_healthy else "healthyThreshold"]:
                self.is_healthy, contrary = is_good, 0
            yield self.env.timeout(max(0, checks["intervalMs"] - (self.env.now - started_at)))
