sdctl plan blue -o remove.plan
