share/lab/lab exec --name t28172a leaf4 ovs-vsctl set Port h4 tag=7
