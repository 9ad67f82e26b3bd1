<?php
// A persistent object cache for tests, as those of Redis or Memcached: values by group and key that outlive the request.
require_once ABSPATH . WPINC . '/class-wp-object-cache.php';

class Lasting_Object_Cache extends WP_Object_Cache {
    private function file($key, $group) {
        return WP_CONTENT_DIR . '/lasting/' . md5(($group ?: 'default') . "\n" . $key);
    }
    public function get($key, $group = 'default', $force = false, &$found = null) {
        $value = $force ? false : parent::get($key, $group, false, $found);
        if (!$force && $found) return $value;
        $held = @file_get_contents($this->file($key, $group));
        $found = is_string($held);
        if (!$found) return false;
        parent::set($key, unserialize($held), $group);
        return parent::get($key, $group, false, $found);
    }
    public function set($key, $data, $group = 'default', $expire = 0) {
        file_put_contents($this->file($key, $group), serialize($data), LOCK_EX);
        return parent::set($key, $data, $group);
    }
    public function add($key, $data, $group = 'default', $expire = 0) {
        if (wp_suspend_cache_addition()) return false;
        $this->get($key, $group, false, $found);
        return $found ? false : $this->set($key, $data, $group);
    }
    public function replace($key, $data, $group = 'default', $expire = 0) {
        $this->get($key, $group, false, $found);
        return $found ? $this->set($key, $data, $group) : false;
    }
    public function delete($key, $group = 'default', $deprecated = false) {
        @unlink($this->file($key, $group));
        return parent::delete($key, $group);
    }
    public function flush() {
        array_map('unlink', glob(WP_CONTENT_DIR . '/lasting/*'));
        return parent::flush();
    }
}

function wp_cache_init() {
    @mkdir(WP_CONTENT_DIR . '/lasting');
    wp_using_ext_object_cache(true);
    $GLOBALS['wp_object_cache'] = new Lasting_Object_Cache();
}
function wp_cache_add($key, $data, $group = '', $expire = 0) { return $GLOBALS['wp_object_cache']->add($key, $data, $group, (int) $expire); }
function wp_cache_replace($key, $data, $group = '', $expire = 0) { return $GLOBALS['wp_object_cache']->replace($key, $data, $group, (int) $expire); }
function wp_cache_set($key, $data, $group = '', $expire = 0) { return $GLOBALS['wp_object_cache']->set($key, $data, $group, (int) $expire); }
function wp_cache_get($key, $group = '', $force = false, &$found = null) { return $GLOBALS['wp_object_cache']->get($key, $group, $force, $found); }
function wp_cache_delete($key, $group = '') { return $GLOBALS['wp_object_cache']->delete($key, $group); }
function wp_cache_flush() { return $GLOBALS['wp_object_cache']->flush(); }
function wp_cache_close() { return true; }
function wp_cache_add_global_groups($groups) { $GLOBALS['wp_object_cache']->add_global_groups($groups); }
function wp_cache_add_non_persistent_groups($groups) {}
