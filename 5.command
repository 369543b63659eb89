sdctl diff running.txt intended.txt --driver ios
