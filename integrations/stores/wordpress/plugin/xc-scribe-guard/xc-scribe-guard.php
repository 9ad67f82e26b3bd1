<?php
/**
 * Plugin Name: XC Scribe Guard
 * Description: Makes XC Scribe's writes conditional. A product, category, post or page that somebody has changed since XC Scribe read it is refused, and their text stays.
 * Version: 1.0.0
 * Requires at least: 5.6
 * Requires PHP: 7.4
 * License: GPL-2.0-or-later
 *
 * A read that asks for it (`xcscribe=<meta keys>`) gets the state of each row: `xcscribe: {keys, state}`. A write that
 * brings a state back is done only while the row still has it, else it is refused: 409 `xcscribe_changed`. The look and
 * the write are one transaction that locks the row, its meta and its terms, so another save comes before or after it,
 * never in between. A write that PHP does not finish leaves nothing behind. Writes without a state are left alone, and so
 * is everything else. The tables must be InnoDB, WordPress's default.
 */

defined( 'ABSPATH' ) || exit;

final class XC_Scribe_Guard {
	const PARAM   = 'xcscribe';
	const SECONDS = 10; // to wait for another of our own writes
	const BROKEN  = 'The database ended the transaction. Look again.';

	/** @var callable|null Cleans the caches of what is locked now; null while nothing is. */
	private static $held = null;

	/** @var bool Whether the database ended the transaction of the present request by itself. */
	private static $broken = false;

	/** @var array[] Entries of a batch of categories that were refused. */
	private static $refused = array();

	public static function start() {
		add_action( 'rest_api_init', array( __CLASS__, 'announce' ) );
		add_filter( 'woocommerce_rest_prepare_product_object', array( __CLASS__, 'show_product' ), PHP_INT_MAX, 3 );
		add_filter( 'woocommerce_rest_prepare_product_cat', array( __CLASS__, 'show_category' ), PHP_INT_MAX, 3 );
		add_filter( 'woocommerce_rest_pre_insert_product_object', array( __CLASS__, 'check_object' ), PHP_INT_MAX, 2 );
		add_action( 'woocommerce_rest_insert_product_object', array( __CLASS__, 'keep' ), PHP_INT_MAX, 0 );
		foreach ( array( 'post', 'page' ) as $type ) {
			add_filter( "rest_prepare_$type", array( __CLASS__, 'show_post' ), PHP_INT_MAX, 3 );
			add_filter( "rest_pre_insert_$type", array( __CLASS__, 'check_object' ), PHP_INT_MAX, 2 );
			add_action( "rest_after_insert_$type", array( __CLASS__, 'keep' ), PHP_INT_MAX, 0 );
		}
		add_filter( 'rest_request_before_callbacks', array( __CLASS__, 'before' ), PHP_INT_MAX, 3 );
		add_filter( 'rest_request_after_callbacks', array( __CLASS__, 'after' ), PHP_INT_MAX, 3 );
		add_action( 'shutdown', array( __CLASS__, 'drop' ), PHP_INT_MAX, 0 );
	}

	/** The namespace in the site's index tells that the plugin is active. */
	public static function announce() {
		$answer = function () {
			return array( 'conditional' => true );
		};
		register_rest_route( 'xcscribe/v1', '/guard', array( 'methods' => 'GET', 'callback' => $answer, 'permission_callback' => '__return_true' ) );
	}

	// --- reading: the state that a text belongs to, from the very values that the answer was made of

	public static function show_product( $response, $product, $request ) {
		$texts = array();
		foreach ( array( 'name', 'description', 'short_description', 'slug', 'status', 'menu_order', 'post_password' ) as $name ) {
			$texts[] = $product->{"get_$name"}( 'edit' );
		}
		return self::shown( $response, $product->get_id(), 'product_tag', $texts, $request );
	}

	public static function show_post( $response, $post, $request ) {
		return self::shown( $response, $post->ID, 'post_tag', self::texts_of( $post ), $request );
	}

	private static function texts_of( $post ) {
		return array( $post->post_title, $post->post_content, $post->post_excerpt, $post->post_name, $post->post_status, $post->menu_order, $post->post_password );
	}

	private static function shown( $response, $id, $tags, $texts, $request ) {
		$asked = $request[ self::PARAM ];
		if ( ! is_string( $asked ) || 'edit' !== $request['context'] || ! current_user_can( 'edit_post', $id ) ) {
			return $response;
		}
		$keys = array_values( array_filter( explode( ',', $asked ) ) );
		$meta = array();
		foreach ( array_merge( $keys, array( '_product_attributes' ) ) as $key ) {
			$meta[ $key ] = get_post_meta( $id, $key, false );
		}
		$terms = array();
		foreach ( self::taxonomies( $tags, $meta ) as $taxonomy ) {
			$found = get_the_terms( $id, $taxonomy );
			$terms = array_merge( $terms, is_array( $found ) ? wp_list_pluck( $found, 'term_taxonomy_id' ) : array() );
		}
		$response->data[ self::PARAM ] = array( 'keys' => $keys, 'state' => self::state( $texts, $meta, $terms ) );
		return $response;
	}

	/** The taxonomies that hold words: the tags, and the shop's own attributes that the product has. */
	private static function taxonomies( $tags, $meta ) {
		$listed = $meta['_product_attributes'] ? end( $meta['_product_attributes'] ) : array();
		$own    = array_filter( is_array( $listed ) ? $listed : array(), function ( $one ) {
			return ! empty( $one['is_taxonomy'] );
		} );
		return array_merge( array( $tags ), array_map( 'strval', array_keys( $own ) ) );
	}

	private static function state( $texts, $meta = array(), $terms = array() ) {
		$terms = array_map( 'intval', $terms );
		sort( $terms );
		ksort( $meta );
		return hash( 'sha256', serialize( array( array_map( 'strval', $texts ), $meta, $terms ) ) );
	}

	public static function show_category( $response, $term, $request ) {
		if ( is_string( $request[ self::PARAM ] ) && current_user_can( 'edit_term', $term->term_id ) ) {
			$state                         = self::state( array( $term->name, $term->description, $term->slug, $term->parent ) );
			$response->data[ self::PARAM ] = array( 'keys' => array(), 'state' => $state );
		}
		return $response;
	}

	// --- writing: lock, look, and refuse or go on

	/** Just before a product, post or page is saved. It stays locked until `keep` or `drop`. */
	public static function check_object( $object, $request ) {
		$given = $request[ self::PARAM ];
		if ( is_wp_error( $object ) || ! is_array( $given ) || empty( $request['id'] ) ) {
			return $object;
		}
		$id    = (int) $request['id'];
		$clean = function () use ( $id ) {
			clean_post_cache( $id );
			if ( class_exists( 'WC_Cache_Helper' ) ) {
				WC_Cache_Helper::invalidate_cache_group( 'product_' . $id );
			}
		};
		$refusal = self::lock( $clean );
		if ( ! $refusal && self::state_of_row( $id, (array) ( $given['keys'] ?? array() ) ) !== ( $given['state'] ?? '' ) ) {
			$refusal = self::changed();
		}
		return $refusal ? self::refuse( $refusal ) : $object;
	}

	private static function state_of_row( $id, $keys ) {
		global $wpdb;
		$post = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM $wpdb->posts WHERE ID = %d FOR UPDATE", $id ) );
		if ( ! $post ) {
			return null;
		}
		$meta = array_fill_keys( array_merge( array_map( 'strval', $keys ), array( '_product_attributes' ) ), array() );
		foreach ( $wpdb->get_results( $wpdb->prepare( "SELECT meta_key, meta_value FROM $wpdb->postmeta WHERE post_id = %d ORDER BY meta_id FOR UPDATE", $id ) ) as $row ) {
			if ( isset( $meta[ $row->meta_key ] ) ) {
				$meta[ $row->meta_key ][] = maybe_unserialize( $row->meta_value );
			}
		}
		$wanted = self::taxonomies( 'product' === $post->post_type ? 'product_tag' : 'post_tag', $meta );
		$terms  = array_map( 'intval', $wpdb->get_col( $wpdb->prepare( "SELECT term_taxonomy_id FROM $wpdb->term_relationships WHERE object_id = %d FOR UPDATE", $id ) ) );
		if ( $terms ) {
			$rows  = $wpdb->get_results( "SELECT term_taxonomy_id, taxonomy FROM $wpdb->term_taxonomy WHERE term_taxonomy_id IN (" . implode( ',', $terms ) . ')' );
			$terms = array_keys( array_intersect( wp_list_pluck( $rows, 'taxonomy', 'term_taxonomy_id' ), $wanted ) );
		}
		return self::state( self::texts_of( $post ), $meta, $terms );
	}

	/** WooCommerce offers no place to refuse a category, so those that were changed are taken out of its request. */
	public static function before( $response, $handler, $request ) {
		if ( is_wp_error( $response ) || ! preg_match( '#^/wc/v\d/products/categories/(batch|(\d+))$#', $request->get_route(), $found ) || 'GET' === $request->get_method() ) {
			return $response;
		}
		$entries = 'batch' === $found[1] ? (array) $request['update'] : array( array( 'id' => (int) $found[1], self::PARAM => $request[ self::PARAM ] ) );
		$guarded = array_filter( $entries, function ( $entry ) {
			return is_array( $entry ) && ! empty( $entry['id'] ) && is_array( $entry[ self::PARAM ] ?? null );
		} );
		if ( ! $guarded ) {
			return $response;
		}
		$ids           = array_map( 'intval', wp_list_pluck( $guarded, 'id' ) );
		self::$refused = array();
		$busy          = self::lock( function () use ( $ids ) {
			clean_term_cache( $ids, 'product_cat' );
		} );
		foreach ( $guarded as $at => $entry ) {
			$refusal = $busy;
			if ( ! $refusal && self::state_of_category( (int) $entry['id'] ) !== ( $entry[ self::PARAM ]['state'] ?? '' ) ) {
				$refusal = self::changed();
			}
			if ( $refusal ) {
				unset( $entries[ $at ] );
				self::$refused[] = array( 'id' => (int) $entry['id'], 'error' => array( 'code' => $refusal->get_error_code(), 'message' => $refusal->get_error_message(), 'data' => $refusal->get_error_data() ) );
			}
		}
		if ( 'batch' !== $found[1] ) {
			return self::$refused ? self::refuse( $refusal ) : $response;
		}
		$request->set_param( 'update', array_values( $entries ) );
		return $response;
	}

	private static function state_of_category( $id ) {
		global $wpdb;
		$row = $wpdb->get_row( $wpdb->prepare( "SELECT t.name, tt.description, t.slug, tt.parent FROM $wpdb->terms t JOIN $wpdb->term_taxonomy tt USING (term_id) WHERE t.term_id = %d AND tt.taxonomy = 'product_cat' FOR UPDATE", $id ), ARRAY_N );
		return $row ? self::state( $row ) : null;
	}

	public static function after( $response, $handler, $request ) {
		if ( preg_match( '#^/wc/v\d/products/categories/#', $request->get_route() ) && ! is_wp_error( $response ) ) {
			self::keep();
			if ( self::$refused ) {
				$response       = rest_ensure_response( $response );
				$data           = (array) $response->get_data();
				$data['update'] = array_merge( $data['update'] ?? array(), self::$refused );
				$response->set_data( $data );
			}
		}
		self::$refused = array();
		self::drop();
		if ( self::$broken ) {
			self::$broken = false;
			return new WP_Error( 'xcscribe_broken', self::BROKEN, array( 'status' => 409 ) );
		}
		return $response;
	}

	// --- the lock: one of our writes at a time, so that two of them never wait for each other

	private static function lock( $clean ) {
		global $wpdb;
		self::drop();
		if ( '1' !== $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, %d)', self::name(), self::SECONDS ) ) ) {
			return new WP_Error( 'xcscribe_busy', 'Another write of XC Scribe is under way.', array( 'status' => 409 ) );
		}
		// Rows that are not there yet are locked, too, at this level. MariaDB 11 would end a transaction that meets another's
		// change of a counter or an option; MySQL and older versions know no such setting.
		$shown = $wpdb->suppress_errors();
		$wpdb->query( 'SET SESSION innodb_snapshot_isolation = 0' );
		$wpdb->suppress_errors( $shown );
		$wpdb->query( 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ' );
		$wpdb->query( 'START TRANSACTION' );
		$wpdb->query( 'SAVEPOINT xcscribe' );
		self::$held = $clean;
		return null;
	}

	private static function name() {
		global $wpdb;
		return 'xcscribe_' . md5( DB_NAME . $wpdb->prefix );
	}

	private static function changed() {
		return new WP_Error( 'xcscribe_changed', 'Somebody changed it since it was read.', array( 'status' => 409 ) );
	}

	private static function refuse( $refusal ) {
		self::drop();
		return $refusal;
	}

	/** Commits. If the database has ended the transaction by itself, the write is refused: a part of it may be missing. */
	public static function keep() {
		global $wpdb;
		if ( null === self::$held ) {
			return;
		}
		$shown = $wpdb->suppress_errors();
		$whole = false !== $wpdb->query( 'RELEASE SAVEPOINT xcscribe' );
		$wpdb->suppress_errors( $shown );
		self::end( $whole ? 'COMMIT' : 'ROLLBACK' );
		self::$broken = ! $whole;
		if ( ! $whole && doing_action( 'woocommerce_rest_insert_product_object' ) ) {
			self::$broken = false;
			throw new WC_REST_Exception( 'xcscribe_broken', self::BROKEN, 409 );
		}
	}

	/** What was not finished is undone. */
	public static function drop() {
		self::end( 'ROLLBACK' );
	}

	private static function end( $statement ) {
		global $wpdb;
		if ( null === self::$held ) {
			return;
		}
		$clean      = self::$held;
		self::$held = null;
		$wpdb->query( $statement );
		if ( 'ROLLBACK' === $statement || wp_using_ext_object_cache() ) {
			$clean(); // others may have cached what they saw before, and we what never was
		}
		$wpdb->query( $wpdb->prepare( 'DO RELEASE_LOCK(%s)', self::name() ) );
	}
}

XC_Scribe_Guard::start();
