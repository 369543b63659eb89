share/lab/lab exec --name t28172a spine1 ip link set leaf4 up
