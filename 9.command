sdctl apply edit.plan
