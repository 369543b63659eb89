sdctl config remove blue
