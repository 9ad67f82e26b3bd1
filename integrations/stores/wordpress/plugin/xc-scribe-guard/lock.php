<?php
// The lock and the transaction: one of our writes at a time, so that two of them never wait for each other.

defined( 'ABSPATH' ) || exit;

final class XC_Scribe_Lock {
	const SECONDS     = 10; // that a request waits in all for other writes of ours
	const ROW_SECONDS = 5;  // that it waits for a row that another program has locked
	const AGAIN       = 2;  // seconds after which a refused request may come again
	const BROKEN      = 'The database ended the transaction. Look again.';

	/** @var object|null What is locked: `request` is the save's, `frame` the running one that it belongs to, `clean` cleans
	 * its caches, and with `whole` a batch of categories is one save. */
	public static $held = null;

	/** @var float The seconds that this request has waited already. */
	private static $waited = 0.0;

	/** Whether the tables know transactions; looked up once a day. */
	public static function is_transactional() {
		global $wpdb;
		$known = get_transient( 'xcscribe_tables' );
		if ( ! in_array( $known, array( 'yes', 'no' ), true ) ) {
			$tables  = array( $wpdb->posts, $wpdb->postmeta, $wpdb->terms, $wpdb->term_taxonomy, $wpdb->term_relationships );
			$marks   = implode( ',', array_fill( 0, count( $tables ), '%s' ) );
			$engines = $wpdb->get_col( $wpdb->prepare( "SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ($marks)", $tables ) );
			$known   = array( 'innodb' ) === array_unique( array_map( 'strtolower', $engines ) ) ? 'yes' : 'no';
			set_transient( 'xcscribe_tables', $known, DAY_IN_SECONDS );
		}
		return 'yes' === $known;
	}

	public static function rows( $query ) {
		global $wpdb;
		$shown = $wpdb->suppress_errors();
		$rows  = $wpdb->get_results( $query );
		$wpdb->suppress_errors( $shown );
		if ( '' !== (string) $wpdb->last_error || ! is_array( $rows ) ) {
			throw new RuntimeException( 'The database did not answer.' );
		}
		return $rows;
	}

	/** The refusal, if the row is not in the state that was given, or can't be looked at; else null. */
	public static function compare( $given, $state ) {
		try {
			return $state() === ( $given['state'] ?? '' ) ? null : self::changed();
		} catch ( RuntimeException $error ) { // another program has locked it, or waits for us
			return self::busy();
		}
	}

	public static function changed() {
		return new WP_Error( 'xcscribe_changed', 'Somebody changed it since it was read.', array( 'status' => 409 ) );
	}

	public static function busy() {
		return new WP_Error( 'xcscribe_busy', 'Another write is under way. Nothing was done.', array( 'status' => 503, 'retry_after' => self::AGAIN ) );
	}

	public static function refuse( $refusal ) {
		self::drop();
		return $refusal;
	}

	public static function lock( $request, $clean, $whole = false ) {
		global $wpdb;
		$frame = XC_Scribe_Guard::frame();
		if ( self::$held && self::$held->frame !== $frame ) {
			return self::busy(); // a save of another row within a save
		}
		self::drop(); // the entry before this one failed
		$longest       = (float) apply_filters( 'xcscribe_seconds', self::SECONDS );
		$began         = microtime( true );
		$patience      = max( 0, (int) ceil( $longest - self::$waited ) );
		$got           = $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, %d)', self::name(), $patience ) );
		self::$waited += microtime( true ) - $began;
		if ( '1' !== $got ) {
			return self::busy();
		}
		// Rows that are not there yet are locked, too, at this level. MariaDB 11 would end a transaction that meets another's
		// change of a counter or an option; MySQL and older versions know no such setting.
		self::quietly( 'SET SESSION innodb_snapshot_isolation = 0' );
		$wpdb->query( 'SET SESSION innodb_lock_wait_timeout = ' . max( 1, min( self::ROW_SECONDS, (int) $longest ) ) );
		$wpdb->query( 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ' );
		$wpdb->query( 'START TRANSACTION' );
		$wpdb->query( 'SAVEPOINT xcscribe' );
		self::$held = (object) array( 'request' => $request, 'frame' => $frame, 'clean' => $clean, 'whole' => $whole );
		return null;
	}

	private static function name() {
		global $wpdb;
		return 'xcscribe_' . md5( DB_NAME . $wpdb->prefix );
	}

	/** Commits. If the database has ended the transaction by itself, the write is refused: a part of it may be missing. */
	public static function keep() {
		$frame = self::$held->frame;
		if ( self::quietly( 'RELEASE SAVEPOINT xcscribe' ) ) {
			self::end( 'COMMIT' );
			return;
		}
		self::end( 'ROLLBACK' );
		if ( doing_action( 'woocommerce_rest_insert_product_object' ) ) {
			throw new WC_REST_Exception( 'xcscribe_broken', self::BROKEN, 409 );
		}
		if ( $frame ) {
			$frame->broken = true;
		}
	}

	/** What was not finished is undone. */
	public static function drop() {
		if ( self::$held ) {
			self::end( 'ROLLBACK' );
		}
	}

	private static function end( $statement ) {
		global $wpdb;
		$clean      = self::$held->clean;
		self::$held = null;
		$wpdb->query( $statement );
		if ( 'ROLLBACK' === $statement || wp_using_ext_object_cache() ) {
			$clean(); // others may have cached what they saw before, and we what never was
		}
		if ( 'ROLLBACK' === $statement && wp_using_ext_object_cache() ) {
			wp_cache_delete( 'alloptions', 'options' );
			wp_cache_delete( 'notoptions', 'options' );
		}
		self::quietly( 'SET SESSION innodb_snapshot_isolation = DEFAULT' );
		self::quietly( 'SET SESSION innodb_lock_wait_timeout = DEFAULT' );
		self::quietly( $wpdb->prepare( 'DO RELEASE_LOCK(%s)', self::name() ) );
	}

	private static function quietly( $statement ) {
		global $wpdb;
		$shown = $wpdb->suppress_errors();
		$done  = $wpdb->query( $statement );
		$wpdb->suppress_errors( $shown );
		return false !== $done;
	}
}
