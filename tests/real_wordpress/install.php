<?php
// Sets the site up as its own installer would, and prints an application password for its user.
define('WP_INSTALLING', true);
[$_, $root, $url, $permalinks] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($url, PHP_URL_HOST) . ':' . parse_url($url, PHP_URL_PORT);
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
$made = wp_install('Real Site', 'editor', 'editor@example.com', true, '', 'a long password of the test');
switch_theme('plain');
update_option('siteurl', $url);
update_option('home', $url);
update_option('permalink_structure', $permalinks);
$user = get_user_by('login', 'editor');
[$password] = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'tests']);
echo $password;
