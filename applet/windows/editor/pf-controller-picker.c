/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-controller-picker.h"

#include <glib/gi18n.h>

#include "pf-widgets.h"
#include "pf-words.h"

#define ADDRESS "pf-address"

struct _PfControllerPicker
{
  GtkBox parent;
  gboolean showing; /* what is toggled now is not a person's doing */
};

G_DEFINE_TYPE (PfControllerPicker, pf_controller_picker, GTK_TYPE_BOX)

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_toggled (GtkToggleButton *button, PfControllerPicker *picker)
{
  if (!picker->showing)
    g_signal_emit (picker, signals[PICKED], 0, g_object_get_data (G_OBJECT (button), ADDRESS),
                   gtk_toggle_button_get_active (button));
}

static GtkWidget *
find_button (PfControllerPicker *picker, const char *address)
{
  g_autoptr (GList) children = gtk_container_get_children (GTK_CONTAINER (picker));

  for (GList *child = children; child != NULL; child = child->next)
    if (g_strcmp0 (g_object_get_data (child->data, ADDRESS), address) == 0)
      return child->data;
  return NULL;
}

static GtkWidget *
create_button (PfControllerPicker *picker, const char *address)
{
  GtkWidget *button = gtk_check_button_new_with_label ("");
  GtkWidget *label = gtk_bin_get_child (GTK_BIN (button));

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  pf_widgets_set_class (button, "pf-known", TRUE);
  g_object_set_data_full (G_OBJECT (button), ADDRESS, g_strdup (address), g_free);
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled), picker);
  gtk_container_add (GTK_CONTAINER (picker), button);
  gtk_widget_show (button);
  return button;
}

static char *
describe (PfDBusController *controller, gboolean is_needed)
{
  g_autofree char *name = pf_words_shorten_name (pf_dbus_controller_get_name (controller));
  const char *address = pf_words_shorten_address (pf_dbus_controller_get_address (controller));
  const char *problem = pf_dbus_controller_get_problem (controller);
  const char *warning = pf_dbus_controller_get_warning (controller);
  const char *removable = pf_dbus_controller_get_removable (controller) ? _ (" (can be unplugged)") : "";

  if (problem != NULL && *problem != '\0')
    return g_strdup_printf ("%s %s%s\n%s", address, name, removable, problem);
  if (is_needed)
    /* Translators: address and name of a controller */
    return g_strdup_printf (_ ("%s %s\nThe sockets that are chosen need it"), address, name);
  if (warning != NULL && *warning != '\0')
    return g_strdup_printf ("%s %s%s\n%s", address, name, removable, warning);
  return g_strdup_printf ("%s %s%s", address, name, removable);
}

static void
show_controller (PfControllerPicker *picker,
                 PfDBusController *controller,
                 const PfProfileDraft *draft,
                 const char *const *lent)
{
  const char *address = pf_dbus_controller_get_address (controller);
  GtkWidget *button = find_button (picker, address);
  gboolean chosen = pf_profile_draft_is_chosen (draft, address);
  gboolean is_needed = !chosen && g_strv_contains (lent, address);
  g_autofree char *text = describe (controller, is_needed);

  if (button == NULL)
    button = create_button (picker, address);
  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), text) != 0)
    gtk_button_set_label (GTK_BUTTON (button), text);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), chosen || is_needed);
  gtk_widget_set_sensitive (button, !is_needed);
}

/**
 * pf_controller_picker_show:
 * @picker: a picker
 * @controllers: (element-type PfDBusController): the controllers of the machine
 * @draft: which of them are chosen
 * @sockets: (element-type PfSocket): the sockets of the machine
 */
void
pf_controller_picker_show (PfControllerPicker *picker,
                           GPtrArray *controllers,
                           const PfProfileDraft *draft,
                           GPtrArray *sockets)
{
  g_auto (GStrv) lent = pf_profile_draft_list_controllers (draft, sockets);

  picker->showing = TRUE;
  for (guint i = 0; i < controllers->len; i++)
    show_controller (picker, controllers->pdata[i], draft, (const char *const *) lent);
  picker->showing = FALSE;
}

static void
pf_controller_picker_class_init (PfControllerPickerClass *klass)
{
  signals[PICKED] = g_signal_new ("picked", PF_TYPE_CONTROLLER_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
pf_controller_picker_init (PfControllerPicker *picker)
{
}

GtkWidget *
pf_controller_picker_new (void)
{
  return g_object_new (PF_TYPE_CONTROLLER_PICKER, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4,
                       NULL);
}
