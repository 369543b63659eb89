sdctl plan blue -o cable.plan
