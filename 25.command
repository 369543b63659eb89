sdctl history
