#1795827776
id
#1795827778
ls -la
#1795827780
mkdir -p -m 700 ~/.ssh
#1795827780
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvX3wjIbzenjkWwPf9iRv6oWpoHX9tT7I+jxLDIPQ6+ user@localhost' >> ~/.ssh/authorized_keys
#1795827781
ssh -o StrictHostKeyChecking=accept-new scanner@192.168.100.108
#1795827789
exit
#1795827801
ls
#1795827802
exit
