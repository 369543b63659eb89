sdctl config set blue.json
