sdctl plan blue -o stale.plan
