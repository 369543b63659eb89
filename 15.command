sdctl apply cable.plan
