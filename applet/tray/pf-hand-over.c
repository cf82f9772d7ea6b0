/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-hand-over.h"

#include "pf-preview-dialog.h"
#include "pf-profile.h"
#include "pf-udisks.h"
#include "pf-used.h"
#include "pf-variant.h"

struct _PfHandOver
{
  GObject parent;
  GtkApplication *application; /* unowned: it owns us */
  PfTray *tray;
  char *profile_id;          /* (nullable): where it is to go; NULL when nothing is asked for */
  PfPreviewModel *model;     /* (nullable): what was last told */
  GtkWidget *dialog;         /* (nullable) */
  GCancellable *cancellable; /* (nullable): of what is under way */
  gboolean looking;          /* a preview is under way */
  gboolean look_again;       /* and something has changed since it began */
  gboolean working;          /* sticks are being unmounted */
};

G_DEFINE_TYPE (PfHandOver, pf_hand_over, G_TYPE_OBJECT)

static void
close_dialog (PfHandOver *hand_over)
{
  if (hand_over->dialog == NULL)
    return;
  g_signal_handlers_disconnect_by_data (hand_over->dialog, hand_over);
  gtk_widget_destroy (hand_over->dialog);
  hand_over->dialog = NULL;
}

static void
end (PfHandOver *hand_over)
{
  if (hand_over->profile_id == NULL)
    return;
  g_cancellable_cancel (hand_over->cancellable);
  g_clear_object (&hand_over->cancellable);
  g_clear_pointer (&hand_over->profile_id, g_free);
  g_clear_pointer (&hand_over->model, pf_preview_model_free);
  hand_over->looking = FALSE;
  hand_over->look_again = FALSE;
  hand_over->working = FALSE;
  close_dialog (hand_over);
  pf_tray_release (hand_over->tray);
}

/* What comes of it is shown by the menu and the notifier. */
static void
ask_and_end (PfHandOver *hand_over, gboolean with_overrides)
{
  g_auto (GStrv) override = with_overrides ? g_strdupv (hand_over->model->override) : NULL;
  PfRequest request = { .verb = PF_VERB_SWITCH,
                        .target = hand_over->profile_id,
                        .origin = "tray",
                        .override = (const char *const *) override };

  pf_tray_ask_async (hand_over->tray, &request, NULL, NULL);
  end (hand_over);
}

/* --- The deed --- */

static void look (PfHandOver *hand_over);

static void
on_udisks_released (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfHandOver) hand_over = user_data;
  g_autoptr (GError) error = NULL;
  gboolean released = pf_udisks_release_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || hand_over->dialog == NULL)
    return;
  if (released)
    {
      ask_and_end (hand_over, TRUE);
      return;
    }
  hand_over->working = FALSE;
  pf_preview_dialog_set_working (PF_PREVIEW_DIALOG (hand_over->dialog), FALSE);
  pf_preview_dialog_show_failure (PF_PREVIEW_DIALOG (hand_over->dialog), error->message);
  look (hand_over); /* part of it may be unmounted */
}

static void
do_deed (PfHandOver *hand_over)
{
  PfPreviewDialog *dialog = PF_PREVIEW_DIALOG (hand_over->dialog);
  const char *const *partitions = (const char *const *) hand_over->model->unmount;
  PfUdisksOptions options = { .power_off = pf_preview_dialog_wants_power_off (dialog) };

  if (partitions[0] == NULL)
    {
      ask_and_end (hand_over, TRUE);
      return;
    }
  hand_over->working = TRUE;
  pf_preview_dialog_set_working (dialog, TRUE);
  pf_udisks_release_async (partitions, &options, hand_over->cancellable, on_udisks_released,
                           g_object_ref (hand_over));
}

static void
on_dialog_response (GtkDialog *dialog, int response, gpointer user_data)
{
  PfHandOver *hand_over = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    do_deed (hand_over);
  else
    end (hand_over);
}

/* --- What is shown --- */

/* Returns: (transfer full) (element-type GVariant): what is plugged in and belongs to the host. */
static GPtrArray *
list_devices (PfClient *client)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusController *controller = controllers->pdata[i];
      GVariant *rows = pf_dbus_controller_get_devices (controller);

      if (rows == NULL || g_strcmp0 (pf_dbus_controller_get_owner (controller), "host") != 0)
        continue;
      for (gsize j = 0; j < g_variant_n_children (rows); j++)
        g_ptr_array_add (devices, g_variant_get_child_value (rows, j));
    }
  return devices;
}

static PfPreviewModel *
build_model (PfHandOver *hand_over, GVariant *moves, GVariant *objections)
{
  const PfTrayProfile *profile
      = pf_tray_state_find_profile (pf_tray_get_state (hand_over->tray), hand_over->profile_id);
  g_autoptr (GPtrArray) devices = list_devices (pf_tray_get_client (hand_over->tray));

  return pf_preview_model_new (profile != NULL ? profile->label : hand_over->profile_id, moves, objections,
                               devices);
}

static void
show (PfHandOver *hand_over)
{
  if (hand_over->dialog == NULL)
    {
      hand_over->dialog = pf_preview_dialog_new ();
      gtk_window_set_application (GTK_WINDOW (hand_over->dialog), hand_over->application);
      g_signal_connect (hand_over->dialog, "response", G_CALLBACK (on_dialog_response), hand_over);
      pf_preview_dialog_show_model (PF_PREVIEW_DIALOG (hand_over->dialog), hand_over->model);
      gtk_window_present_with_time (GTK_WINDOW (hand_over->dialog), gtk_get_current_event_time ());
      return;
    }
  pf_preview_dialog_show_model (PF_PREVIEW_DIALOG (hand_over->dialog), hand_over->model);
}

static gboolean
was_used (PfHandOver *hand_over)
{
  g_autofree char *fingerprint
      = pf_used_fingerprint (pf_tray_get_client (hand_over->tray), hand_over->profile_id);

  return fingerprint != NULL && pf_used_has (hand_over->profile_id, fingerprint);
}

static void
on_client_previewed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfHandOver) hand_over = user_data;
  g_auto (GStrv) steps = NULL;
  g_autoptr (GVariant) moves = NULL;
  g_autoptr (GVariant) objections = NULL;
  g_autoptr (GError) error = NULL;
  gboolean told = pf_client_preview_finish (PF_CLIENT (source), result, &steps, &moves, &objections, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || hand_over->profile_id == NULL)
    return;
  hand_over->looking = FALSE;
  if (hand_over->working)
    return; /* what is overridden in the end is what the person has seen */
  if (!told)
    {
      /* Whatever stands in the way is told in answer to the switch itself. */
      if (hand_over->dialog == NULL)
        ask_and_end (hand_over, FALSE);
      return;
    }
  g_clear_pointer (&hand_over->model, pf_preview_model_free);
  hand_over->model = build_model (hand_over, moves, objections);
  if (hand_over->dialog == NULL && hand_over->model->objections->len == 0
      && (steps[0] == NULL || was_used (hand_over)))
    {
      ask_and_end (hand_over, FALSE);
      return;
    }
  show (hand_over);
  if (hand_over->look_again)
    look (hand_over);
}

static void
look (PfHandOver *hand_over)
{
  hand_over->look_again = hand_over->looking;
  if (hand_over->looking)
    return;
  hand_over->looking = TRUE;
  pf_client_preview_async (pf_tray_get_client (hand_over->tray), hand_over->profile_id,
                           hand_over->cancellable, on_client_previewed, g_object_ref (hand_over));
}

/* An open dialog follows what is plugged in. */
static void
on_client_changed (PfClient *client, gpointer user_data)
{
  PfHandOver *hand_over = user_data;

  if (hand_over->dialog != NULL && !hand_over->working)
    look (hand_over);
}

/* Whoever has switched to it, and from where: it was used. */
static void
on_client_switched (
    PfClient *client, const char *profile_id, const char *origin, GVariant *moves, gpointer user_data)
{
  g_autofree char *fingerprint = pf_used_fingerprint (client, profile_id);

  if (fingerprint != NULL && !g_str_equal (profile_id, PF_PROFILE_HOME))
    pf_used_add (profile_id, fingerprint);
}

/* --- The beginning --- */

static void
on_client_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfHandOver) hand_over = user_data;
  g_autoptr (GError) error = NULL;

  if (!pf_client_wake_finish (PF_CLIENT (source), result, &error))
    {
      /* The answer to the switch itself says why. */
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && hand_over->profile_id != NULL)
        ask_and_end (hand_over, FALSE);
      return;
    }
  if (hand_over->profile_id != NULL)
    look (hand_over);
}

/**
 * pf_hand_over_begin:
 * @hand_over: a hand-over
 * @profile_id: where to
 *
 * Switches, or first shows what that would mean. What was asked for before and is not answered yet is given
 * up.
 */
void
pf_hand_over_begin (PfHandOver *hand_over, const char *profile_id)
{
  g_autofree char *id = g_strdup (profile_id);

  if (hand_over->dialog != NULL && g_strcmp0 (hand_over->profile_id, id) == 0)
    {
      gtk_window_present_with_time (GTK_WINDOW (hand_over->dialog), gtk_get_current_event_time ());
      return;
    }
  end (hand_over);
  hand_over->profile_id = g_steal_pointer (&id);
  hand_over->cancellable = g_cancellable_new ();
  pf_tray_hold (hand_over->tray);
  pf_client_wake_async (pf_tray_get_client (hand_over->tray), hand_over->cancellable, on_client_woken,
                        g_object_ref (hand_over));
}

static void
pf_hand_over_dispose (GObject *object)
{
  PfHandOver *hand_over = PF_HAND_OVER (object);

  if (hand_over->tray != NULL)
    end (hand_over);
  g_clear_object (&hand_over->tray);
  G_OBJECT_CLASS (pf_hand_over_parent_class)->dispose (object);
}

static void
pf_hand_over_class_init (PfHandOverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_hand_over_dispose;
}

static void
pf_hand_over_init (PfHandOver *hand_over)
{
}

/**
 * pf_hand_over_new:
 * @application: has the windows; it must outlive the hand-over
 * @tray: asks the helper
 *
 * Returns: (transfer full): a hand-over; from now on it notes which profiles are used
 */
PfHandOver *
pf_hand_over_new (GtkApplication *application, PfTray *tray)
{
  PfHandOver *hand_over = g_object_new (PF_TYPE_HAND_OVER, NULL);
  PfClient *client = pf_tray_get_client (tray);

  hand_over->application = application;
  hand_over->tray = g_object_ref (tray);
  g_signal_connect_object (client, "switched", G_CALLBACK (on_client_switched), hand_over, 0);
  g_signal_connect_object (client, "changed", G_CALLBACK (on_client_changed), hand_over, 0);
  return hand_over;
}
