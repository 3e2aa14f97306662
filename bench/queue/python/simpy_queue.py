"""The queue of bench/queue in SimPy, written as its documentation writes a bank: a process a customer, a Resource for the counters.

Called with the parameters as JSON and one count of requests a run, the seeds being 1, 2, ...; prints the runs as JSON.
"""

import json
import math
import platform
import random
import sys
import time

import simpy


def run(parameters, requests, seed):
    started_at = time.perf_counter()
    draws = random.Random(seed)
    mu = math.log(parameters["serviceTimeMs"])
    sigma = parameters["serviceTimeSigma"]
    per_ms = parameters["ratePerS"] / 1000
    limit = parameters["queueLimit"]
    environment = simpy.Environment()
    slots = simpy.Resource(environment, capacity=parameters["concurrency"])
    served = throttled = 0
    waited_ms = busy_ms = 0.0

    def request():
        nonlocal served, throttled, waited_ms, busy_ms
        arrived_ms = environment.now
        if slots.count == slots.capacity and len(slots.queue) >= limit:
            throttled += 1
            return
        with slots.request() as slot:
            yield slot
            waited_ms += environment.now - arrived_ms
            service_ms = draws.lognormvariate(mu, sigma)
            busy_ms += service_ms
            yield environment.timeout(service_ms)
            served += 1

    def arrivals():
        for _ in range(requests):
            yield environment.timeout(draws.expovariate(per_ms))
            environment.process(request())

    environment.process(arrivals())
    environment.run()
    return {
        "requests": requests,
        "throttled": throttled,
        "utilisation": busy_ms / (parameters["concurrency"] * environment.now),
        "meanWaitMs": waited_ms / served,
        "tookMs": (time.perf_counter() - started_at) * 1000,
    }


parameters = json.loads(sys.argv[1])
runs = [run(parameters, int(count), index + 1) for index, count in enumerate(sys.argv[2:])]
print(json.dumps({"python": platform.python_version(), "simpy": simpy.__version__, "runs": runs}))
