<?php
/**
 * Plugin Name: XC Scribe Guard
 * Description: Makes XC Scribe's writes conditional. A product, category, post or page that somebody has changed since XC Scribe read it is refused, and their text stays.
 * Version: 1.3.0
 * Requires at least: 5.6
 * Requires PHP: 7.4
 * License: GPL-2.0-or-later
 *
 * A read that asks for it (`xcscribe=<meta keys>`) gets the state of each row: `xcscribe: {keys, state}`. A write that
 * brings a state back is done only while the row still has it, else it is refused: 409 `xcscribe_changed`. The look and
 * the write are one transaction that locks the row, its meta and its terms, so another save comes before or after it,
 * never in between. A write that PHP does not finish leaves nothing behind. If a lock can't be had in time, nothing is
 * done: 503 `xcscribe_busy`, and the same write may be sent again. Both look past the object cache. Nothing is done
 * before WordPress has allowed the request. Writes without a state are left alone, and so is everything else. Where the
 * tables are not InnoDB, WordPress's default, no state is shown. The SEO texts that Yoast and Rank Math keep of posts and
 * pages are meta rows of the REST API, for those who may edit the post, as is `_xcscribe_ai`, which tells who wrote a text.
 */

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/lock.php';
require_once __DIR__ . '/states.php';

final class XC_Scribe_Guard {
	const PARAM = 'xcscribe';

	/** The texts that SEO plugins show to no program, by the constant that tells that the plugin is active. */
	const SEO = array(
		'WPSEO_VERSION'     => array( '_yoast_wpseo_title', '_yoast_wpseo_metadesc', '_yoast_wpseo_focuskw' ),
		'RANK_MATH_VERSION' => array( 'rank_math_title', 'rank_math_description', 'rank_math_focus_keyword' ),
	);

	/** @var object[] The REST requests under way, the innermost last: a save may call the API for something else. */
	private static $running = array();

	public static function start() {
		add_action( 'rest_api_init', array( __CLASS__, 'announce' ) );
		add_filter( 'rest_request_before_callbacks', array( __CLASS__, 'enter' ), PHP_INT_MIN, 3 );
		add_filter( 'rest_dispatch_request', array( __CLASS__, 'allowed' ), PHP_INT_MAX, 2 );
		add_filter( 'rest_request_after_callbacks', array( __CLASS__, 'leave' ), PHP_INT_MAX, 3 );
		add_filter( 'rest_post_dispatch', array( __CLASS__, 'name_the_pause' ) );
		add_filter( 'woocommerce_product_type_query', array( 'XC_Scribe_States', 'read_afresh' ), PHP_INT_MIN, 2 );
		add_filter( 'woocommerce_rest_prepare_product_object', array( 'XC_Scribe_States', 'show_product' ), PHP_INT_MAX, 3 );
		add_filter( 'woocommerce_rest_prepare_product_cat', array( 'XC_Scribe_States', 'show_category' ), PHP_INT_MAX, 3 );
		add_filter( 'woocommerce_rest_pre_insert_product_object', array( __CLASS__, 'check_object' ), PHP_INT_MAX, 2 );
		add_action( 'woocommerce_rest_insert_product_object', array( __CLASS__, 'saved' ), PHP_INT_MAX, 2 );
		foreach ( array( 'post', 'page' ) as $type ) {
			add_filter( "rest_prepare_$type", array( 'XC_Scribe_States', 'show_post' ), PHP_INT_MAX, 3 );
			add_filter( "rest_pre_insert_$type", array( __CLASS__, 'check_object' ), PHP_INT_MAX, 2 );
			add_action( "rest_after_insert_$type", array( __CLASS__, 'saved' ), PHP_INT_MAX, 2 );
		}
		// Before what other plugins do at the end: their own transactions would commit the half of a save.
		add_action( 'shutdown', array( 'XC_Scribe_Lock', 'drop' ), PHP_INT_MIN, 0 );
	}

	/** The namespace in the site's index tells that the plugin is active. */
	public static function announce() {
		$answer = function () {
			return array( 'conditional' => XC_Scribe_Lock::is_transactional() );
		};
		register_rest_route( 'xcscribe/v1', '/guard', array( 'methods' => 'GET', 'callback' => $answer, 'permission_callback' => '__return_true' ) );
		foreach ( array_merge( array(), ...array_values( array_filter( self::SEO, 'defined', ARRAY_FILTER_USE_KEY ) ) ) as $key ) {
			self::open( $key );
		}
		self::open( '_xcscribe_ai' ); // who wrote the texts, for programs
	}

	/** Who may edit a post or page may read and write this row of it, as in its editor; visitors are not shown it. */
	private static function open( $key ) {
		$rules = array(
			'type'          => 'string',
			'single'        => true,
			'show_in_rest'  => array( 'schema' => array( 'context' => array( 'edit' ) ) ),
			'auth_callback' => function ( $allowed, $key, $id ) {
				return current_user_can( 'edit_post', $id );
			},
		);
		if ( 0 === strpos( $key, 'rank_math_' ) ) { // Yoast cleans its own
			$rules['sanitize_callback'] = function ( $text ) {
				return current_user_can( 'unfiltered_html' ) ? $text : wp_kses( $text, 'strip' );
			};
		}
		register_post_meta( 'post', $key, $rules );
		register_post_meta( 'page', $key, $rules );
	}

	/** The innermost REST request under way; false if there is none. */
	public static function frame() {
		return end( self::$running );
	}

	public static function enter( $response, $handler, $request ) {
		self::$running[] = (object) array( 'request' => $request, 'fresh' => null, 'refused' => array(), 'broken' => false );
		return $response;
	}

	/** WordPress has allowed the request. */
	public static function allowed( $result, $request ) {
		$frame = self::frame();
		if ( null !== $result || ! $frame || $frame->request !== $request ) {
			return $result;
		}
		if ( 'GET' !== $request->get_method() ) {
			return self::check_categories( $frame, $request );
		}
		if ( is_string( $request[ self::PARAM ] ) && wp_using_ext_object_cache() ) {
			XC_Scribe_States::look_past_cache( $frame, $request );
		}
		return null;
	}

	public static function leave( $response, $handler, $request ) {
		$at = count( self::$running ) - 1;
		while ( $at >= 0 && self::$running[ $at ]->request !== $request ) {
			--$at;
		}
		if ( $at < 0 ) {
			return $response;
		}
		$frame = self::$running[ $at ];
		if ( XC_Scribe_Lock::$held && XC_Scribe_Lock::$held->whole && XC_Scribe_Lock::$held->request === $request && ! is_wp_error( $response ) ) {
			XC_Scribe_Lock::keep();
		}
		if ( $frame->refused && ! is_wp_error( $response ) ) {
			$response       = rest_ensure_response( $response );
			$data           = (array) $response->get_data();
			$data['update'] = array_merge( $data['update'] ?? array(), $frame->refused );
			$response->set_data( $data );
		}
		$ended = array_splice( self::$running, $at ); // those within it that died
		if ( XC_Scribe_Lock::$held && in_array( XC_Scribe_Lock::$held->frame, $ended, true ) ) {
			XC_Scribe_Lock::drop();
		}
		return $frame->broken ? new WP_Error( 'xcscribe_broken', XC_Scribe_Lock::BROKEN, array( 'status' => 409 ) ) : $response;
	}

	public static function name_the_pause( $response ) {
		$data = $response instanceof WP_HTTP_Response && 503 === $response->get_status() ? $response->get_data() : null;
		if ( is_array( $data ) && 'xcscribe_busy' === ( $data['code'] ?? '' ) ) {
			$response->header( 'Retry-After', (string) XC_Scribe_Lock::AGAIN );
		}
		return $response;
	}

	/** Just before a product, post or page is saved. It stays locked until `saved` or `drop`. */
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
		if ( $busy = XC_Scribe_Lock::lock( $request, $clean ) ) {
			return $busy; // what is locked belongs to another save
		}
		$refusal = XC_Scribe_Lock::compare( $given, function () use ( $id, $given ) {
			return XC_Scribe_States::state_of_row( $id, (array) ( $given['keys'] ?? array() ) );
		} );
		if ( ! $refusal ) {
			// What was loaded before we had the lock may be older than the row that we have just seen.
			XC_Scribe_States::forget( $id, (string) get_post_type( $id ) );
			$refusal = $object instanceof WC_Product && XC_Scribe_States::is_stale( $object, wc_get_product( $id ), $request ) ? XC_Scribe_Lock::changed() : null;
		}
		return $refusal ? XC_Scribe_Lock::refuse( $refusal ) : $object;
	}

	/** The row is saved. If it is ours, and not one that was saved meanwhile, it is committed. */
	public static function saved( $object, $request ) {
		if ( XC_Scribe_Lock::$held && ! XC_Scribe_Lock::$held->whole && XC_Scribe_Lock::$held->request === $request ) {
			XC_Scribe_Lock::keep();
		}
	}

	/** WooCommerce offers no place to refuse a category, so those that were changed are taken out of its request. */
	private static function check_categories( $frame, $request ) {
		if ( ! preg_match( '#^/wc/v\d/products/categories/(batch|(\d+))$#', $request->get_route(), $found ) ) {
			return null;
		}
		$entries = 'batch' === $found[1] ? (array) $request['update'] : array( array( 'id' => (int) $found[1], self::PARAM => $request[ self::PARAM ] ) );
		$guarded = array_filter( $entries, function ( $entry ) {
			return is_array( $entry ) && ! empty( $entry['id'] ) && is_array( $entry[ self::PARAM ] ?? null );
		} );
		if ( ! $guarded ) {
			return null;
		}
		$ids   = array_map( 'intval', wp_list_pluck( $guarded, 'id' ) );
		$clean = function () use ( $ids ) {
			clean_term_cache( $ids, 'product_cat' );
		};
		$busy    = XC_Scribe_Lock::lock( $request, $clean, true );
		$refusal = null;
		foreach ( $guarded as $at => $entry ) {
			$refusal = $busy ? $busy : XC_Scribe_Lock::compare( $entry[ self::PARAM ], function () use ( $entry ) {
				return XC_Scribe_States::state_of_category( (int) $entry['id'] );
			} );
			if ( $refusal ) {
				unset( $entries[ $at ] );
				$frame->refused[] = array( 'id' => (int) $entry['id'], 'error' => array( 'code' => $refusal->get_error_code(), 'message' => $refusal->get_error_message(), 'data' => $refusal->get_error_data() ) );
			}
		}
		$clean(); // WordPress writes a term whole, and would take the rest of it from a cache
		if ( 'batch' !== $found[1] ) {
			$frame->refused = array();
			return $refusal && ! $busy ? XC_Scribe_Lock::refuse( $refusal ) : $refusal;
		}
		$request->set_param( 'update', array_values( $entries ) );
		return null;
	}
}

XC_Scribe_Guard::start();
