/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-notice.h"

#include "pf-app.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

/* Why a notification is gone, in NotificationClosed. */
#define BY_A_PERSON 2
#define BY_US 3

struct _PfNotice
{
  GObject parent;
  GDBusConnection *bus; /* (nullable) */
  guint signals_id;
  guint number;     /* of what is on the screen; 0: nothing */
  GStrv buttons;    /* (nullable): those of what is on the screen, or on its way there */
  gboolean taken;   /* the server has told the number of what was last to be shown */
  gboolean sending; /* the server has not told the number yet */
  gboolean closing; /* what is on its way is to go as soon as the number is known */
  GVariant *next;   /* (nullable): what to send then */
  GStrv next_buttons;
};

G_DEFINE_TYPE (PfNotice, pf_notice, G_TYPE_OBJECT)

enum
{
  PRESSED,
  LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void send (PfNotice *notice, GVariant *content, const char *const *buttons);

static void
close_number (PfNotice *notice)
{
  guint number = notice->number;

  notice->number = 0;
  if (number != 0)
    g_dbus_connection_call (notice->bus, NAME, PATH, NAME, "CloseNotification", g_variant_new ("(u)", number),
                            NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

/* What came while the server had not answered. */
static void
go_on (PfNotice *notice)
{
  g_autoptr (GVariant) next = g_steal_pointer (&notice->next);
  g_auto (GStrv) buttons = g_steal_pointer (&notice->next_buttons);

  if (notice->closing)
    close_number (notice);
  notice->closing = FALSE;
  if (next != NULL)
    send (notice, next, (const char *const *) buttons);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfNotice) notice = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean wanted = !notice->closing && notice->next == NULL;

  notice->sending = FALSE;
  notice->number = 0;
  notice->taken = reply != NULL;
  if (reply != NULL)
    g_variant_get (reply, "(u)", &notice->number);
  else
    g_debug ("A notification was not shown: %s", error->message);
  go_on (notice);
  if (reply == NULL && wanted)
    g_signal_emit (notice, signals[LOST], 0);
}

/* Not every server shows the buttons of what takes the place of another: some keep the old ones. */
static gboolean
can_replace (PfNotice *notice, const char *const *buttons)
{
  static const char *const none[] = { NULL };

  return notice->number != 0
         && g_strv_equal (buttons != NULL ? buttons : none,
                          notice->buttons != NULL ? (const char *const *) notice->buttons : none);
}

static GVariant *
build_hints (PfNoticeKind kind)
{
  gboolean critical = kind == PF_NOTICE_ALARM || kind == PF_NOTICE_QUESTION;
  GVariantBuilder hints = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&hints, "{sv}", "urgency", g_variant_new_byte (critical ? 2 : 1));
  g_variant_builder_add (&hints, "{sv}", "desktop-entry", g_variant_new_string (PF_APP_ID));
  return g_variant_builder_end (&hints);
}

static const char *
get_icon_name (PfNoticeKind kind)
{
  return kind == PF_NOTICE_FAILURE || kind == PF_NOTICE_ALARM ? "dialog-warning" : PF_APP_ID;
}

/* @content is (ssu): title, body, kind. */
static void
send (PfNotice *notice, GVariant *content, const char *const *buttons)
{
  static const char *const none[] = { NULL };
  const char *title;
  const char *body;
  guint kind;

  if (notice->number != 0 && !can_replace (notice, buttons))
    close_number (notice);
  g_strfreev (notice->buttons);
  notice->buttons = g_strdupv ((char **) buttons);
  g_variant_get (content, "(&s&su)", &title, &body, &kind);
  notice->taken = FALSE;
  notice->sending = TRUE;
  g_dbus_connection_call (
      notice->bus, NAME, PATH, NAME, "Notify",
      g_variant_new ("(susss^as@a{sv}i)", g_get_application_name (), notice->number, get_icon_name (kind),
                     title, body, buttons != NULL ? buttons : none, build_hints (kind), -1),
      G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_sent, g_object_ref (notice));
}

static void
on_action_invoked (PfNotice *notice, GVariant *parameters)
{
  const char *action;
  guint number;

  g_variant_get (parameters, "(u&s)", &number, &action);
  if (number == notice->number && number != 0)
    g_signal_emit (notice, signals[PRESSED], 0, action);
}

static void
on_closed (PfNotice *notice, GVariant *parameters)
{
  guint number;
  guint why;

  g_variant_get (parameters, "(uu)", &number, &why);
  if (number != notice->number || number == 0)
    return;
  notice->number = 0;
  if (why == BY_A_PERSON || why == BY_US || notice->sending)
    return;
  notice->taken = FALSE;
  g_signal_emit (notice, signals[LOST], 0);
}

static void
on_signal (GDBusConnection *bus,
           const char *sender,
           const char *path,
           const char *interface,
           const char *name,
           GVariant *parameters,
           gpointer user_data)
{
  g_autoptr (PfNotice) notice = g_object_ref (user_data); /* handlers may let go of it */

  if (g_str_equal (name, "ActionInvoked") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(us)")))
    on_action_invoked (notice, parameters);
  else if (g_str_equal (name, "NotificationClosed")
           && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(uu)")))
    on_closed (notice, parameters);
}

static void
pf_notice_dispose (GObject *object)
{
  PfNotice *notice = PF_NOTICE (object);

  if (notice->signals_id != 0)
    g_dbus_connection_signal_unsubscribe (notice->bus, notice->signals_id);
  notice->signals_id = 0;
  g_clear_object (&notice->bus);
  g_clear_pointer (&notice->next, g_variant_unref);
  g_clear_pointer (&notice->buttons, g_strfreev);
  g_clear_pointer (&notice->next_buttons, g_strfreev);
  G_OBJECT_CLASS (pf_notice_parent_class)->dispose (object);
}

static void
pf_notice_class_init (PfNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_notice_dispose;
  signals[PRESSED] = g_signal_new ("pressed", PF_TYPE_NOTICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[LOST]
      = g_signal_new ("lost", PF_TYPE_NOTICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pf_notice_init (PfNotice *notice)
{
}

/**
 * pf_notice_new:
 * @bus: (nullable): the session's bus; without one nothing is shown
 *
 * Returns: (transfer full): a place with nothing in it
 */
PfNotice *
pf_notice_new (GDBusConnection *bus)
{
  PfNotice *notice = g_object_new (PF_TYPE_NOTICE, NULL);

  if (bus == NULL)
    return notice;
  notice->bus = g_object_ref (bus);
  notice->signals_id = g_dbus_connection_signal_subscribe (bus, NAME, NAME, NULL, PATH, NULL,
                                                           G_DBUS_SIGNAL_FLAGS_NONE, on_signal, notice, NULL);
  return notice;
}

/**
 * pf_notice_show:
 * @notice: a notice
 * @title: one line
 * @body: (nullable): more
 * @kind: how it looks
 * @buttons: (nullable) (array zero-terminated=1): an action and a label for each button
 *
 * Some desktops take the body for markup. A device's name is what the device says, so it must not begin a
 * tag.
 */
void
pf_notice_show (
    PfNotice *notice, const char *title, const char *body, PfNoticeKind kind, const char *const *buttons)
{
  g_autofree char *plain = g_strdelimit (g_strdup (body != NULL ? body : ""), "<>", '|');
  g_autoptr (GVariant) content = g_variant_ref_sink (g_variant_new ("(ssu)", title, plain, (guint) kind));

  if (notice->bus == NULL)
    {
      g_signal_emit (notice, signals[LOST], 0);
      return;
    }
  if (!notice->sending)
    {
      send (notice, content, buttons);
      return;
    }
  g_clear_pointer (&notice->next, g_variant_unref);
  g_strfreev (notice->next_buttons);
  notice->next = g_steal_pointer (&content);
  notice->next_buttons = g_strdupv ((char **) buttons);
}

/**
 * pf_notice_close:
 * @notice: a notice
 *
 * Takes what is shown, or on its way, off the screen.
 */
void
pf_notice_close (PfNotice *notice)
{
  g_clear_pointer (&notice->next, g_variant_unref);
  g_clear_pointer (&notice->next_buttons, g_strfreev);
  if (notice->sending)
    notice->closing = TRUE;
  else
    close_number (notice);
}

/**
 * pf_notice_is_taken:
 * @notice: a notice
 *
 * Returns: whether the server has taken what was last to be shown, and not dropped it since; a person may
 * have put it away
 */
gboolean
pf_notice_is_taken (PfNotice *notice)
{
  return notice->taken;
}
