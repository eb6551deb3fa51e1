#1772539860
ls -la
#1772539920
mkdir -p ~/.ssh
#1772539930
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvX3wjIbzenjkWwPf9iRv6oWpoHX9tT7I+jxLDIPQ6+ x@y' >> ~/.ssh/authorized_keys
#1772540395
ssh -o StrictHostKeyChecking=no deploy@10.20.0.6
