/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-gate.h"

#include <string.h>

#include "pf-bus.h"
#include "pf-error.h"

/* What may wait for an answer at a time. The windows of the tray ask for one preview of each controller at
 * once. */
#define MAX_PER_CALLER 64
#define MAX_PER_USER 96
/* Until the bus has said whose a caller is: more than one call only where few of such callers wait. One user
 * can have hundreds of connections. */
#define MAX_PER_STRANGER 32
#define MAX_OF_STRANGERS 128
/* Ways home have room of their own, which nothing else can fill. */
#define MAX_URGENT_PER_CALLER 4
#define MAX_URGENT_PER_USER 8
/* How many calls one answer with all objects counts for: it is that much larger. */
#define ALL_OBJECTS 8
/* Callers that are remembered. Those that wait for nothing are forgotten first. */
#define MAX_CALLERS 1024

/* How much waits for an answer. */
typedef struct
{
  guint ordinary;
  guint urgent;
} Load;

typedef struct
{
  Load load;
  Load *user_load; /* (nullable): of all callers of the same user, once the bus has told */
  guint32 user;
  GHashTable *waiting; /* serial -> Cost */
} Caller;

/* What one call counts for. */
typedef struct
{
  guint amount;
  gboolean is_urgent;
} Cost;

/* GDBus calls the filter in a thread of its own, and in the one that sends: everything is behind @lock. */
struct _PfGate
{
  gatomicrefcount references;
  GDBusConnection *connection;
  guint filter_id;
  GMutex lock;
  GHashTable *callers; /* unique name -> Caller */
  GHashTable *users;   /* user -> Load */
  Load strangers;      /* of all whose user is not known yet */
  gint64 last_call;    /* monotonic, in microseconds */
};

static void
gate_unref (PfGate *gate)
{
  if (!g_atomic_ref_count_dec (&gate->references))
    return;
  g_hash_table_unref (gate->callers);
  g_hash_table_unref (gate->users);
  g_mutex_clear (&gate->lock);
  g_object_unref (gate->connection);
  g_free (gate);
}

static PfGate *
gate_ref (PfGate *gate)
{
  g_atomic_ref_count_inc (&gate->references);
  return gate;
}

static void
caller_free (gpointer data)
{
  Caller *caller = data;

  g_hash_table_unref (caller->waiting);
  g_free (caller);
}

static void
change_load (Load *load, const Cost *cost, gboolean more)
{
  guint *amount = cost->is_urgent ? &load->urgent : &load->ordinary;

  *amount = more ? *amount + cost->amount : *amount - cost->amount;
}

static gboolean
has_room (const Load *load, const Cost *cost, guint most, guint most_urgent)
{
  return cost->is_urgent ? load->urgent + cost->amount <= most_urgent : load->ordinary + cost->amount <= most;
}

/**
 * pf_gate_is_urgent:
 * @interface: (nullable): of a call
 * @method: of a call
 *
 * Returns: whether that is a way home, or an answer to a question that goes home by itself
 */
gboolean
pf_gate_is_urgent (const char *interface, const char *method)
{
  static const char *const urgent[] = { "ReturnAll", "Revert", "Confirm", NULL };

  return g_strcmp0 (interface, PF_BUS_NAME ".Manager") == 0 && g_strv_contains (urgent, method);
}

static Cost
get_cost (GDBusMessage *message)
{
  const char *method = g_dbus_message_get_member (message);
  Cost cost = { .amount = 1 };

  if (g_strcmp0 (method, "GetManagedObjects") == 0)
    cost.amount = ALL_OBJECTS;
  cost.is_urgent = pf_gate_is_urgent (g_dbus_message_get_interface (message), method);
  return cost;
}

typedef struct
{
  PfGate *gate;
  char *name;
} Question;

/* From now on the caller counts for its user as well, with all that waits already. */
static void
set_user (PfGate *gate, const char *name, guint32 user)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&gate->lock);
  Caller *caller = g_hash_table_lookup (gate->callers, name);
  Load *load = g_hash_table_lookup (gate->users, GUINT_TO_POINTER (user));

  if (caller == NULL || caller->user_load != NULL)
    return;
  if (load == NULL)
    {
      load = g_new0 (Load, 1);
      g_hash_table_insert (gate->users, GUINT_TO_POINTER (user), load);
    }
  load->ordinary += caller->load.ordinary;
  load->urgent += caller->load.urgent;
  gate->strangers.ordinary -= caller->load.ordinary;
  gate->strangers.urgent -= caller->load.urgent;
  caller->user = user;
  caller->user_load = load;
}

static void
on_user_told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  guint32 user;

  if (reply != NULL)
    {
      g_variant_get (reply, "(u)", &user);
      set_user (question->gate, question->name, user);
    }
  gate_unref (question->gate);
  g_free (question->name);
  g_free (question);
}

static gboolean
ask_for_user (gpointer user_data)
{
  Question *question = user_data;

  g_dbus_connection_call (question->gate->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetConnectionUnixUser",
                          g_variant_new ("(s)", question->name), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_user_told, question);
  return G_SOURCE_REMOVE;
}

static gboolean
waits_for_nothing (gpointer name, gpointer data, gpointer user_data)
{
  return g_hash_table_size (((Caller *) data)->waiting) == 0;
}

/* Returns: (nullable): NULL where there are too many callers at once */
static Caller *
get_caller (PfGate *gate, const char *name)
{
  Caller *caller = g_hash_table_lookup (gate->callers, name);
  Question *question;

  if (caller != NULL)
    return caller;
  if (g_hash_table_size (gate->callers) >= MAX_CALLERS
      && g_hash_table_foreach_remove (gate->callers, waits_for_nothing, NULL) == 0)
    return NULL;
  caller = g_new0 (Caller, 1);
  caller->waiting = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_hash_table_insert (gate->callers, g_strdup (name), caller);
  question = g_new0 (Question, 1);
  question->gate = gate_ref (gate);
  question->name = g_strdup (name);
  g_main_context_invoke_full (NULL, G_PRIORITY_HIGH, ask_for_user, question, NULL);
  return caller;
}

/* Returns the load of the caller's user, or of all callers whose user is not known. */
static Load *
get_shared_load (PfGate *gate, Caller *caller)
{
  return caller->user_load != NULL ? caller->user_load : &gate->strangers;
}

static gboolean
has_room_for (PfGate *gate, const Caller *caller, const Cost *cost)
{
  if (caller->user_load != NULL)
    return has_room (&caller->load, cost, MAX_PER_CALLER, MAX_URGENT_PER_CALLER)
           && has_room (caller->user_load, cost, MAX_PER_USER, MAX_URGENT_PER_USER);
  if (g_hash_table_size (caller->waiting) == 0)
    return TRUE;
  return has_room (&caller->load, cost, MAX_PER_STRANGER, MAX_URGENT_PER_CALLER)
         && has_room (&gate->strangers, cost, MAX_OF_STRANGERS, MAX_OF_STRANGERS);
}

static gboolean
take (PfGate *gate, GDBusMessage *message)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&gate->lock);
  Caller *caller = get_caller (gate, g_dbus_message_get_sender (message));
  Cost cost = get_cost (message);

  gate->last_call = g_get_monotonic_time ();
  if (caller == NULL || !has_room_for (gate, caller, &cost))
    return FALSE;
  change_load (&caller->load, &cost, TRUE);
  change_load (get_shared_load (gate, caller), &cost, TRUE);
  g_hash_table_replace (caller->waiting, GUINT_TO_POINTER (g_dbus_message_get_serial (message)),
                        g_memdup2 (&cost, sizeof cost));
  return TRUE;
}

/* An answer leaves. */
static void
give_back (PfGate *gate, GDBusMessage *message)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&gate->lock);
  const char *name = g_dbus_message_get_destination (message);
  Caller *caller = name != NULL ? g_hash_table_lookup (gate->callers, name) : NULL;
  gpointer serial = GUINT_TO_POINTER (g_dbus_message_get_reply_serial (message));
  const Cost *cost = caller != NULL ? g_hash_table_lookup (caller->waiting, serial) : NULL;

  if (cost == NULL)
    return;
  change_load (&caller->load, cost, FALSE);
  change_load (get_shared_load (gate, caller), cost, FALSE);
  g_hash_table_remove (caller->waiting, serial);
}

static void
turn_away (PfGate *gate, GDBusMessage *message)
{
  g_autoptr (GError) error = g_error_new_literal (PF_ERROR, PF_ERROR_LIMIT_EXCEEDED,
                                                  "Too many requests of yours wait for an answer already.");
  g_autofree char *name = g_dbus_error_encode_gerror (error);
  g_autoptr (GDBusMessage) answer = g_dbus_message_new_method_error_literal (message, name, error->message);

  g_dbus_connection_send_message (gate->connection, answer, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

/* A call that wants no answer never ends for the counter, so it is dropped. Every method of ours has an
 * answer. */
static gboolean
let_in (PfGate *gate, GDBusMessage *message)
{
  if ((g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED) != 0)
    return FALSE;
  if (g_dbus_message_get_sender (message) == NULL || take (gate, message))
    return TRUE;
  turn_away (gate, message);
  return FALSE;
}

static GDBusMessage *
on_message (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  PfGate *gate = user_data;
  GDBusMessageType type = g_dbus_message_get_message_type (message);

  if (!incoming && (type == G_DBUS_MESSAGE_TYPE_METHOD_RETURN || type == G_DBUS_MESSAGE_TYPE_ERROR))
    give_back (gate, message);
  else if (incoming && type == G_DBUS_MESSAGE_TYPE_METHOD_CALL && !let_in (gate, message))
    g_clear_object (&message);
  return message;
}

/**
 * pf_gate_new:
 * @connection: to the bus, before anything is exported on it
 *
 * Returns: (transfer full): its gate
 */
PfGate *
pf_gate_new (GDBusConnection *connection)
{
  PfGate *gate = g_new0 (PfGate, 1);

  g_atomic_ref_count_init (&gate->references);
  g_mutex_init (&gate->lock);
  gate->connection = g_object_ref (connection);
  gate->callers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, caller_free);
  gate->users = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  gate->filter_id
      = g_dbus_connection_add_filter (connection, on_message, gate_ref (gate), (GDestroyNotify) gate_unref);
  return gate;
}

/**
 * pf_gate_free:
 * @gate: (transfer full): a gate, which stands open from now on
 */
void
pf_gate_free (PfGate *gate)
{
  g_dbus_connection_remove_filter (gate->connection, gate->filter_id);
  gate_unref (gate);
}

/**
 * pf_gate_get_last_call:
 * @gate: a gate
 *
 * Returns: when somebody called last, as g_get_monotonic_time() has it; 0 for never
 */
gint64
pf_gate_get_last_call (PfGate *gate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&gate->lock);

  return gate->last_call;
}

/**
 * pf_gate_get_user:
 * @gate: a gate
 * @caller: unique name of who called
 * @user: (out): whose it is; the bus never gives a name to a second one
 *
 * Returns: whether the bus has said so already
 */
gboolean
pf_gate_get_user (PfGate *gate, const char *caller, guint32 *user)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&gate->lock);
  const Caller *known = g_hash_table_lookup (gate->callers, caller);

  if (known == NULL || known->user_load == NULL)
    return FALSE;
  *user = known->user;
  return TRUE;
}
