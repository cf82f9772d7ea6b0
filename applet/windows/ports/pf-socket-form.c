/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-socket-form.h"

#include <glib/gi18n.h>

#include "pf-plastic.h"
#include "pf-widgets.h"

#define MAX_LABEL 64 /* characters, as the helper takes */

struct _PfSocketForm
{
  GtkBox parent;
  GtkWidget *entry;
  GtkWidget *place;
  GtkWidget *colour;
};

G_DEFINE_TYPE (PfSocketForm, pf_socket_form, GTK_TYPE_BOX)

/* The next free number in a place: "Rear 3". */
static char *
suggest_label (PfPlace place, GPtrArray *sockets)
{
  for (guint n = 1;; n++)
    {
      /* Translators: a name for a socket: its place and a number, "Rear 3" */
      g_autofree char *label = g_strdup_printf (_ ("%s %u"), pf_place_get_word (place), n);
      gboolean taken = FALSE;

      for (guint i = 0; i < sockets->len; i++)
        {
          const PfSocket *socket = sockets->pdata[i];

          taken = taken || g_str_equal (socket->label, label);
        }
      if (!taken)
        return g_steal_pointer (&label);
    }
}

/**
 * pf_socket_form_show:
 * @form: a form
 * @socket: a socket
 * @sockets: (element-type PfSocket): all sockets
 *
 * Fills in what is known, and what is likely where nothing is: most SuperSpeed sockets are blue, and most
 * sockets are at the rear.
 */
void
pf_socket_form_show (PfSocketForm *form, const PfSocket *socket, GPtrArray *sockets)
{
  gboolean is_new = !pf_socket_is_named (socket) && socket->place == PF_PLACE_UNKNOWN;
  PfPlace place = is_new ? PF_PLACE_REAR : socket->place;
  const char *colour = socket->colour;
  g_autofree char *label = NULL;

  if (is_new && *colour == '\0')
    colour = socket->super_speed > 0 ? "blue" : "black";
  label = pf_socket_is_named (socket) ? g_strdup (socket->label) : suggest_label (place, sockets);
  gtk_entry_set_text (GTK_ENTRY (form->entry), label);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (form->place), pf_place_to_string (place));
  if (!gtk_combo_box_set_active_id (GTK_COMBO_BOX (form->colour), colour))
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (form->colour), "");
}

/**
 * pf_socket_form_get_settings:
 * @form: a form
 *
 * Returns: (transfer floating): an a{sv} for LabelSocket
 */
GVariant *
pf_socket_form_get_settings (PfSocketForm *form)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *label = g_strstrip (g_strdup (gtk_entry_get_text (GTK_ENTRY (form->entry))));

  g_variant_dict_insert (&dict, "label", "s", label);
  g_variant_dict_insert (&dict, "place", "s", gtk_combo_box_get_active_id (GTK_COMBO_BOX (form->place)));
  g_variant_dict_insert (&dict, "colour", "s", gtk_combo_box_get_active_id (GTK_COMBO_BOX (form->colour)));
  return g_variant_dict_end (&dict);
}

GtkWidget *
pf_socket_form_get_entry (PfSocketForm *form)
{
  return form->entry;
}

static void
pf_socket_form_class_init (PfSocketFormClass *klass)
{
}

static void
pf_socket_form_init (PfSocketForm *form)
{
  form->entry = gtk_entry_new ();
  form->place = gtk_combo_box_text_new ();
  form->colour = gtk_combo_box_text_new ();
  gtk_entry_set_max_length (GTK_ENTRY (form->entry), MAX_LABEL);
  gtk_entry_set_width_chars (GTK_ENTRY (form->entry), 28);
  gtk_entry_set_activates_default (GTK_ENTRY (form->entry), TRUE);
  for (guint place = 0; place < PF_N_PLACES; place++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (form->place), pf_place_to_string ((PfPlace) place),
                               pf_place_get_word ((PfPlace) place));
  for (guint i = 0; i < pf_n_plastics; i++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (form->colour), pf_plastics[i].id, _ (pf_plastics[i].word));
  gtk_container_add (GTK_CONTAINER (form), pf_widgets_row (_ ("_Name"), form->entry));
  gtk_container_add (GTK_CONTAINER (form), pf_widgets_row (_ ("_Place"), form->place));
  gtk_container_add (GTK_CONTAINER (form), pf_widgets_row (_ ("C_olour of the plastic"), form->colour));
  pf_widgets_align_rows (GTK_CONTAINER (form));
  gtk_widget_show_all (GTK_WIDGET (form));
}

GtkWidget *
pf_socket_form_new (void)
{
  return g_object_new (PF_TYPE_SOCKET_FORM, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 12, NULL);
}
