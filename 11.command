sdctl verify blue
