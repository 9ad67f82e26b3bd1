<?php
// A stand-in for WooCommerce, which is not packaged: its products and categories, and the order in which its REST API loads
// a product, applies a request to it, fires its hooks and saves (WC_REST_CRUD_Controller, WC_REST_Terms_Controller of 9.9).
add_action('init', function () {
    register_post_type('product', ['public' => true, 'capability_type' => 'post', 'map_meta_cap' => true, 'supports' => ['title', 'editor', 'excerpt']]);
    register_taxonomy('product_tag', 'product');
    register_taxonomy('product_cat', 'product', ['hierarchical' => true]);
    register_taxonomy('pa_colour', 'product');
});

class WC_REST_Exception extends Exception {
    public function __construct(public $error_code, $message, $status) { parent::__construct($message, $status); }
}
class WC_Cache_Helper {
    public static function invalidate_cache_group($group) { wp_cache_set('prefix', microtime(), $group); }
    public static function prefix($group) {
        if (!($found = wp_cache_get('prefix', $group))) wp_cache_set('prefix', $found = microtime(), $group);
        return $found;
    }
}
class WC_Meta_Data {
    public $value;
    public function __construct(private array $data) { $this->value = $data['value']; }
    public function get_data() { return $this->data; }
    public function __get($name) { return $this->data[$name] ?? null; }
}
class WC_Product {
    const FIELDS = ['name' => 'post_title', 'description' => 'post_content', 'short_description' => 'post_excerpt', 'slug' => 'post_name', 'status' => 'post_status', 'menu_order' => 'menu_order'];
    private array $data = [], $changes = [], $meta = [];
    public function __construct(private int $id) {
        $post = get_post($id);
        foreach (self::FIELDS as $name => $column) $this->data[$name] = $post->$column;
        $tags = get_the_terms($id, 'product_tag');
        $this->data['tag_ids'] = is_array($tags) ? wp_list_pluck($tags, 'term_id') : [];
        $this->data['attributes'] = get_post_meta($id, '_product_attributes', true) ?: [];
        $key = WC_Cache_Helper::prefix("product_$id") . 'meta';
        $rows = wp_cache_get($key, 'products');
        if (!is_array($rows)) {
            global $wpdb;
            $rows = $wpdb->get_results($wpdb->prepare("SELECT meta_id, meta_key, meta_value FROM $wpdb->postmeta WHERE post_id = %d ORDER BY meta_id", $id));
            wp_cache_set($key, $rows, 'products');
        }
        foreach ($rows as $row) if ($row->meta_key !== '_product_attributes') $this->meta[] = new WC_Meta_Data(['id' => (int) $row->meta_id, 'key' => $row->meta_key, 'value' => maybe_unserialize($row->meta_value)]);
    }
    public function get_id() { return $this->id; }
    public function get_data() { return $this->data + ['meta_data' => $this->get_meta_data()]; }
    public function get_meta_data() { return array_values(array_filter($this->meta, fn ($one) => $one->value !== null)); }
    public function get_data_store() { return new class { public function get_internal_meta_keys() { return ['_product_attributes', '_sku']; } }; }
    public function __call($name, $args) { $name = substr($name, 4); return $this->changes[$name] ?? $this->data[$name]; }
    public function set($name, $value) { if ($value !== $this->data[$name]) $this->changes[$name] = $value; }
    public function set_meta($key, $value) {
        foreach ($this->meta as $one) if ($one->key === $key) { $one->value = $value; return; }
        $this->meta[] = new WC_Meta_Data(['key' => $key, 'value' => $value]);
    }
    public function save() {
        if (array_intersect_key($this->changes, self::FIELDS)) {
            $row = ['ID' => $this->id];
            foreach (self::FIELDS as $name => $column) $row[$column] = $this->{"get_$name"}('edit');
            wp_update_post(wp_slash($row));
        }
        foreach ($this->meta as $one) {
            if ($one->value === null) { if ($one->id) delete_metadata_by_mid('post', $one->id); }
            elseif (!$one->id) add_post_meta($this->id, $one->key, wp_slash($one->value));
            elseif ($one->value !== $one->get_data()['value']) update_metadata_by_mid('post', $one->id, wp_slash($one->value));
        }
        if (isset($this->changes['tag_ids'])) wp_set_post_terms($this->id, array_map('intval', $this->changes['tag_ids']), 'product_tag');
        WC_Cache_Helper::invalidate_cache_group("product_$this->id");
    }
}
function wc_get_product($id) {
    apply_filters('woocommerce_product_type_query', false, $id);
    return get_post_type($id) === 'product' ? new WC_Product((int) $id) : false;
}

class Stand_In_WooCommerce {
    public static function may() { return current_user_can('edit_others_posts') ?: new WP_Error('woocommerce_rest_cannot_batch', 'Sorry.', ['status' => 401]); }
    public static function product($product, $request) {
        $names = fn ($taxonomy) => array_map(fn ($t) => ['id' => $t->term_id, 'name' => $t->name, 'slug' => $t->slug], get_the_terms($product->get_id(), $taxonomy) ?: []);
        $data = ['id' => $product->get_id(), 'type' => 'simple', 'sku' => '', 'date_modified_gmt' => '2026-11-26T10:00:00', 'tags' => $names('product_tag'), 'attributes' => [],
            'meta_data' => array_map(fn ($one) => ['id' => $one->id, 'key' => $one->key, 'value' => $one->value], $product->get_meta_data())];
        foreach (['name', 'description', 'short_description', 'slug', 'status'] as $name) $data[$name] = $product->{"get_$name"}('edit');
        return apply_filters('woocommerce_rest_prepare_product_object', rest_ensure_response($data), $product, $request);
    }
    public static function products($request) {
        $asked = ['post_type' => 'product', 'fields' => 'ids', 'posts_per_page' => $request['per_page'] ?: 10, 'post_status' => 'any', 'orderby' => 'ID', 'order' => 'ASC'];
        if ($request['include']) $asked['post__in'] = wp_parse_id_list($request['include']);
        return array_map(fn ($id) => self::product(wc_get_product($id), $request)->get_data(), (new WP_Query($asked))->posts);
    }
    public static function save_product($request) {
        if (!wc_get_product((int) $request['id'])) return new WP_Error('woocommerce_rest_product_invalid_id', 'Invalid ID.', ['status' => 400]);
        $product = wc_get_product((int) $request['id']);
        foreach (['name', 'description', 'short_description', 'slug'] as $name) if (isset($request[$name])) $product->set($name, $request[$name]);
        if (isset($request['tags'])) $product->set('tag_ids', wp_list_pluck($request['tags'], 'id'));
        foreach ($request['meta_data'] ?? [] as $row) $product->set_meta($row['key'], $row['value']);
        $product = apply_filters('woocommerce_rest_pre_insert_product_object', $product, $request, false);
        if (is_wp_error($product)) return $product;
        $product->save();
        $product = wc_get_product($product->get_id());
        try {
            do_action('woocommerce_rest_insert_product_object', $product, $request, false);
        } catch (WC_REST_Exception $e) {
            return new WP_Error($e->error_code, $e->getMessage(), ['status' => $e->getCode()]);
        }
        $request->set_param('context', 'edit');
        return self::product($product, $request);
    }
    public static function category($term, $request) {
        $data = ['id' => $term->term_id, 'name' => $term->name, 'slug' => $term->slug, 'parent' => $term->parent, 'description' => $term->description];
        return apply_filters('woocommerce_rest_prepare_product_cat', rest_ensure_response($data), $term, $request);
    }
    public static function categories($request) {
        $terms = get_terms(['taxonomy' => 'product_cat', 'hide_empty' => false, 'include' => wp_parse_id_list($request['include'])]);
        return array_map(fn ($term) => self::category($term, $request)->get_data(), $terms);
    }
    public static function save_category($request) {
        $given = array_intersect_key($request->get_params(), ['name' => 1, 'description' => 1, 'slug' => 1]);
        $done = wp_update_term((int) $request['id'], 'product_cat', $given);
        return is_wp_error($done) ? $done : self::category(get_term((int) $request['id'], 'product_cat'), $request);
    }
    public static function batch($save) {
        return function ($request) use ($save) {
            $answers = [];
            foreach ($request['update'] ?? [] as $entry) {
                $one = new WP_REST_Request('PUT', $request->get_route());
                $one->set_body_params($entry);
                $done = call_user_func([self::class, $save], $one);
                $answers[] = is_wp_error($done) ? ['id' => $entry['id'], 'error' => ['code' => $done->get_error_code(), 'message' => $done->get_error_message(), 'data' => $done->get_error_data()]] : $done->get_data();
            }
            return ['update' => $answers];
        };
    }
}
add_action('rest_api_init', function () {
    foreach (['products' => 'product', 'products/categories' => 'category'] as $path => $one) {
        $many = $one === 'product' ? 'products' : 'categories';
        $route = fn ($at, $method, $do) => register_rest_route('wc/v3', $at, ['methods' => $method, 'permission_callback' => ['Stand_In_WooCommerce', 'may'], 'callback' => $do]);
        $route("/$path", 'GET', ['Stand_In_WooCommerce', $many]);
        $route("/$path/(?P<id>\d+)", 'PUT', ['Stand_In_WooCommerce', "save_$one"]);
        $route("/$path/batch", 'POST', Stand_In_WooCommerce::batch("save_$one"));
    }
    register_rest_route('wc/v3', '/products/attributes', ['methods' => 'GET', 'permission_callback' => ['Stand_In_WooCommerce', 'may'], 'callback' => '__return_empty_array']);
    register_rest_route('wc/v3', '/products/tags/batch', ['methods' => 'POST', 'permission_callback' => ['Stand_In_WooCommerce', 'may'], 'callback' => function ($request) {
        return ['create' => array_map(function ($row) {
            $made = wp_insert_term($row['name'], 'product_tag');
            return is_wp_error($made) ? ['id' => 0, 'error' => ['data' => ['resource_id' => $made->get_error_data('term_exists')]]] : ['id' => $made['term_id'], 'name' => $row['name']];
        }, $request['create'] ?? [])];
    }]);
});
