"""Lines of OpenSSH and of cron as a machine logs them; `at` is in seconds of one day."""


def failed(at, number, address="203.0.113.7", account="deploy", host="web01"):
    return (f"2026-03-03T{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}+00:00 {host} sshd[{1000 + number % 20000}]: "
            f"Failed password for {account} from {address} port {4000 + number % 50000} ssh2\n")


def accepted(at, number, address="203.0.113.7", account="deploy", host="web01"):
    return failed(at, number, address, account, host).replace("Failed", "Accepted")


def ordinary(at, number):
    return (f"2026-03-03T{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}+00:00 web01 CRON[{number}]: "
            f"(root) CMD (test -x /usr/sbin/anacron)\n")


def guesses(count, begin=7200, first=0, address="203.0.113.7"):
    return "".join(failed(begin + number, first + number, address) for number in range(count))
