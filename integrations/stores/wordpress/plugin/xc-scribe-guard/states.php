<?php
// The states of rows: from the values of an answer, and from the database.

defined( 'ABSPATH' ) || exit;

final class XC_Scribe_States {
	/** Meta rows of page builders: the name, the constant that tells that it is switched on, and the value; null for any. */
	const BUILDERS = array(
		'_elementor_edit_mode'   => array( 'Elementor', 'ELEMENTOR_VERSION', 'builder' ),
		'_et_pb_use_builder'     => array( 'Divi', 'ET_BUILDER_VERSION', 'on' ),
		'_wpb_vc_js_status'      => array( 'WPBakery', 'WPB_VC_VERSION', 'true' ),
		'_fl_builder_enabled'    => array( 'Beaver Builder', 'FL_BUILDER_VERSION', '1' ),
		'_bricks_editor_mode'    => array( 'Bricks', 'BRICKS_VERSION', 'bricks' ),
		'fusion_builder_status'  => array( 'Avada', 'FUSION_BUILDER_VERSION', 'active' ),
		'brizy_enabled'          => array( 'Brizy', 'BRIZY_VERSION', '1' ),
		'ct_builder_shortcodes'  => array( 'Oxygen', 'CT_VERSION', null ),
		'_ct_builder_shortcodes' => array( 'Oxygen', 'CT_VERSION', null ),
		'_ct_builder_json'       => array( 'Oxygen', 'CT_VERSION', null ),
		'breakdance_data'        => array( 'Breakdance', '__BREAKDANCE_VERSION', null ),
		'_breakdance_data'       => array( 'Breakdance', '__BREAKDANCE_VERSION', null ),
		'panels_data'            => array( 'SiteOrigin Page Builder', 'SITEORIGIN_PANELS_VERSION', null ),
	);

	public static function show_product( $response, $product, $request ) {
		$texts = array();
		foreach ( array( 'name', 'description', 'short_description', 'slug', 'status', 'menu_order' ) as $name ) {
			$texts[] = $product->{"get_$name"}( 'edit' );
		}
		$inner = (array) $product->get_data_store()->get_internal_meta_keys();
		$meta  = array();
		foreach ( $product->get_meta_data() as $row ) {
			$row                   = $row->get_data();
			$meta[ $row['key'] ][] = $row['value'];
		}
		$values = function ( $key ) use ( $meta, $inner, $product ) { // WooCommerce keeps its own fields out of the meta data
			$own = in_array( $key, $inner, true ) || 0 === stripos( $key, 'wp_' );
			return $own ? get_post_meta( $product->get_id(), $key, false ) : ( $meta[ $key ] ?? array() );
		};
		return self::shown( $response, $product->get_id(), 'product_tag', $texts, $values, $request );
	}

	public static function show_post( $response, $post, $request ) {
		$values = function ( $key ) use ( $post ) {
			return get_post_meta( $post->ID, $key, false );
		};
		return self::shown( $response, $post->ID, 'post_tag', self::texts_of( $post ), $values, $request );
	}

	private static function texts_of( $post ) {
		return array( $post->post_title, $post->post_content, $post->post_excerpt, $post->post_name, $post->post_status, $post->menu_order );
	}

	private static function shown( $response, $id, $tags, $texts, $values, $request ) {
		$asked = $request[ XC_Scribe_Guard::PARAM ];
		if ( ! is_string( $asked ) || 'edit' !== $request['context'] || ! current_user_can( 'edit_post', $id ) || ! XC_Scribe_Lock::is_transactional() ) {
			return $response;
		}
		$keys = array_values( array_filter( explode( ',', $asked ) ) );
		$meta = array( '_product_attributes' => get_post_meta( $id, '_product_attributes', false ) );
		foreach ( $keys as $key ) {
			$meta[ $key ] = $values( $key );
		}
		$terms = array();
		foreach ( self::taxonomies( $tags, $meta ) as $taxonomy ) {
			$found = get_the_terms( $id, $taxonomy );
			$terms = array_merge( $terms, is_array( $found ) ? wp_list_pluck( $found, 'term_taxonomy_id' ) : array() );
		}
		$response->data[ XC_Scribe_Guard::PARAM ] = array( 'keys' => $keys, 'state' => self::state( $texts, $meta, $terms ), 'builder' => self::builder( $id ) );
		return $response;
	}

	/** The page builder whose data visitors see in the place of the content; '' for none. One that is switched off shows nothing. */
	private static function builder( $id ) {
		foreach ( self::BUILDERS as $key => list( $name, $constant, $value ) ) {
			$held = defined( $constant ) ? get_post_meta( $id, $key, true ) : '';
			if ( $held && ( null === $value || $held === $value ) ) {
				return $name;
			}
		}
		return '';
	}

	/** The taxonomies that hold words: the tags, and the shop's own attributes that the product has and the shop still knows. */
	private static function taxonomies( $tags, $meta ) {
		$listed = $meta['_product_attributes'] ? end( $meta['_product_attributes'] ) : array();
		$own    = array_filter( is_array( $listed ) ? $listed : array(), function ( $one ) {
			return ! empty( $one['is_taxonomy'] );
		} );
		return array_filter( array_unique( array_merge( array( $tags ), array_map( 'strval', array_keys( $own ) ) ) ), 'taxonomy_exists' );
	}

	private static function state( $texts, $meta = array(), $terms = array() ) {
		$terms = array_map( 'intval', $terms );
		sort( $terms );
		ksort( $meta );
		return hash( 'sha256', serialize( array( array_map( 'strval', $texts ), $meta, $terms ) ) );
	}

	public static function show_category( $response, $term, $request ) {
		if ( is_string( $request[ XC_Scribe_Guard::PARAM ] ) && current_user_can( 'edit_term', $term->term_id ) && XC_Scribe_Lock::is_transactional() ) {
			$state = self::state( array( $term->name, $term->description, $term->slug, $term->parent ) );
			$response->data[ XC_Scribe_Guard::PARAM ] = array( 'keys' => array(), 'state' => $state );
		}
		return $response;
	}

	/** Whether WooCommerce's product, with the request's changes in it, was loaded from other values than the shop has. */
	public static function is_stale( $object, $now, $request ) {
		if ( ! $now ) {
			return true;
		}
		list( $loaded, $rows )  = self::loaded( $object );
		list( $present, $held ) = self::loaded( $now );
		$sent                   = is_array( $request['meta_data'] ) ? wp_list_pluck( array_filter( $request['meta_data'], 'is_array' ), 'key' ) : array();
		foreach ( array_diff_key( $held, $rows ) as $row ) {
			if ( ! in_array( $row[0], $sent, true ) ) { // one that is to be deleted is not among them
				return true;
			}
		}
		return $loaded != $present || array_intersect_key( $held, $rows ) != $rows; // phpcs:ignore -- equal values will do
	}

	private static function loaded( $product ) {
		$data = $product->get_data(); // without changes
		$rows = array();
		foreach ( $data['meta_data'] as $row ) {
			$row = $row->get_data();
			if ( ! empty( $row['id'] ) ) {
				$rows[ $row['id'] ] = array( $row['key'], $row['value'] );
			}
		}
		$data['attributes'] = array_map( function ( $one ) {
			return is_object( $one ) ? $one->get_data() : $one;
		}, (array) $data['attributes'] );
		$names = array( 'name', 'slug', 'status', 'description', 'short_description', 'menu_order', 'tag_ids', 'attributes' );
		return array( array_intersect_key( $data, array_flip( $names ) ), $rows );
	}

	// --- the same from the database, locked

	public static function state_of_row( $id, $keys ) {
		global $wpdb;
		$posts = XC_Scribe_Lock::rows( $wpdb->prepare( "SELECT * FROM $wpdb->posts WHERE ID = %d FOR UPDATE", $id ) );
		if ( ! $posts ) {
			return null;
		}
		$meta = array_fill_keys( array_merge( array_map( 'strval', $keys ), array( '_product_attributes' ) ), array() );
		foreach ( XC_Scribe_Lock::rows( $wpdb->prepare( "SELECT meta_key, meta_value FROM $wpdb->postmeta WHERE post_id = %d ORDER BY meta_id FOR UPDATE", $id ) ) as $row ) {
			if ( isset( $meta[ $row->meta_key ] ) ) {
				$meta[ $row->meta_key ][] = maybe_unserialize( $row->meta_value );
			}
		}
		$wanted = self::taxonomies( 'product' === $posts[0]->post_type ? 'product_tag' : 'post_tag', $meta );
		$terms  = array_map( 'intval', wp_list_pluck( XC_Scribe_Lock::rows( $wpdb->prepare( "SELECT term_taxonomy_id FROM $wpdb->term_relationships WHERE object_id = %d FOR UPDATE", $id ) ), 'term_taxonomy_id' ) );
		if ( $terms ) {
			$rows  = XC_Scribe_Lock::rows( "SELECT tt.term_taxonomy_id, tt.taxonomy FROM $wpdb->term_taxonomy tt JOIN $wpdb->terms t USING (term_id) WHERE tt.term_taxonomy_id IN (" . implode( ',', $terms ) . ')' );
			$terms = array_keys( array_intersect( wp_list_pluck( $rows, 'taxonomy', 'term_taxonomy_id' ), $wanted ) );
		}
		return self::state( self::texts_of( $posts[0] ), $meta, $terms );
	}

	public static function state_of_category( $id ) {
		global $wpdb;
		$rows = XC_Scribe_Lock::rows( $wpdb->prepare( "SELECT t.name, tt.description, t.slug, tt.parent FROM $wpdb->terms t JOIN $wpdb->term_taxonomy tt USING (term_id) WHERE t.term_id = %d AND tt.taxonomy = 'product_cat' FOR UPDATE", $id ) );
		return $rows ? self::state( array_values( (array) $rows[0] ) ) : null;
	}

	// --- caches: one that outlives the request may hold a row from before a save, or from a save that was never finished

	public static function look_past_cache( $frame, $request ) {
		$ids = wp_parse_id_list( $request['include'] ? $request['include'] : $request['id'] );
		if ( preg_match( '#^/wc/v\d/products/categories#', $request->get_route() ) ) {
			clean_term_cache( $ids, 'product_cat' );
		} elseif ( preg_match( '#^/wc/v\d/products#', $request->get_route() ) ) {
			$frame->fresh = array(); // some are found by their SKU: see `read_afresh`
		} else {
			$type = 0 === strpos( $request->get_route(), '/wp/v2/pages' ) ? 'page' : 'post';
			foreach ( $ids as $id ) {
				self::forget( $id, $type );
			}
		}
	}

	/** WooCommerce is about to load this product. */
	public static function read_afresh( $type, $id ) {
		$frame = XC_Scribe_Guard::frame();
		if ( $frame && is_array( $frame->fresh ) && ! isset( $frame->fresh[ $id ] ) ) {
			$frame->fresh[ $id ] = true;
			self::forget( $id, 'product' );
		}
		return $type;
	}

	/** Have the row read from the database next time, and tell nobody else. */
	public static function forget( $id, $type ) {
		wp_cache_delete( $id, 'posts' );
		wp_cache_delete( $id, 'post_meta' );
		foreach ( get_object_taxonomies( $type ) as $taxonomy ) {
			wp_cache_delete( $id, "{$taxonomy}_relationships" );
		}
		if ( 'product' === $type && class_exists( 'WC_Cache_Helper' ) ) {
			WC_Cache_Helper::invalidate_cache_group( 'product_' . $id );
		}
	}
}
