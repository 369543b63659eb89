sdctl apply remove.plan
