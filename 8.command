sdctl plan blue -o edit.plan
