sdctl apply stale.plan
