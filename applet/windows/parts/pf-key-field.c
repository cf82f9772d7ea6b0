/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-key-field.h"

#include <glib/gi18n.h>

#include "pf-widgets.h"

struct _PfKeyField
{
  GtkBox parent;
  GtkWidget *entry;
  GtkWidget *button;
};

G_DEFINE_TYPE (PfKeyField, pf_key_field, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_entry_changed (PfKeyField *field)
{
  g_signal_emit (field, signals[CHANGED], 0);
}

/* The key as it is engraved: with Ctrl and Alt held, F7 would be XF86Switch_VT_7. */
static guint
get_plain_key (const GdkEventKey *event, GdkKeymap *keymap)
{
  guint key;

  if (gdk_keymap_translate_keyboard_state (keymap, event->hardware_keycode, 0, event->group, &key, NULL, NULL,
                                           NULL))
    return key;
  return gdk_keyval_to_lower (event->keyval);
}

/* While the button is down, the next key that is no modifier is taken, with what is held. */
static gboolean
on_key (PfKeyField *field, GdkEventKey *event)
{
  const GdkModifierType known = GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_MOD1_MASK | GDK_SUPER_MASK;
  GdkKeymap *keymap = gdk_keymap_get_for_display (gtk_widget_get_display (field->button));
  GdkModifierType held = event->state;
  g_autofree char *name = NULL;
  g_autofree char *words = NULL;
  g_autoptr (PfAccel) accel = NULL;

  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (field->button)) || event->is_modifier)
    return GDK_EVENT_PROPAGATE;
  gdk_keymap_add_virtual_modifiers (keymap, &held);
  name = gtk_accelerator_name (get_plain_key (event, keymap), held & known);
  accel = pf_accel_parse_loosely (name);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (field->button), FALSE);
  if (accel == NULL)
    return GDK_EVENT_STOP;
  words = pf_accel_to_words (accel);
  gtk_entry_set_text (GTK_ENTRY (field->entry), words);
  return GDK_EVENT_STOP;
}

static void
on_toggled (PfKeyField *field)
{
  gboolean waits = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (field->button));

  gtk_button_set_label (GTK_BUTTON (field->button), waits ? _ ("Press the keys…") : _ ("_Press them"));
}

/* Who leaves does not want to press keys any more. */
static gboolean
on_focus_out (PfKeyField *field)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (field->button), FALSE);
  return GDK_EVENT_PROPAGATE;
}

/* The letter of a label leads to where keys are typed. */
static gboolean
pf_key_field_mnemonic_activate (GtkWidget *widget, gboolean group_cycling)
{
  return gtk_widget_mnemonic_activate (PF_KEY_FIELD (widget)->entry, group_cycling);
}

static void
pf_key_field_class_init (PfKeyFieldClass *klass)
{
  GTK_WIDGET_CLASS (klass)->mnemonic_activate = pf_key_field_mnemonic_activate;
  signals[CHANGED]
      = g_signal_new ("changed", PF_TYPE_KEY_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pf_key_field_init (PfKeyField *field)
{
  field->entry = gtk_entry_new ();
  field->button = gtk_toggle_button_new_with_mnemonic (_ ("_Press them"));
  gtk_entry_set_placeholder_text (GTK_ENTRY (field->entry), "Super+F12");
  gtk_entry_set_activates_default (GTK_ENTRY (field->entry), TRUE);
  gtk_box_set_spacing (GTK_BOX (field), 6);
  gtk_container_add (GTK_CONTAINER (field), field->entry);
  gtk_container_add (GTK_CONTAINER (field), field->button);
  g_signal_connect_swapped (field->entry, "changed", G_CALLBACK (on_entry_changed), field);
  g_signal_connect_swapped (field->button, "toggled", G_CALLBACK (on_toggled), field);
  g_signal_connect_swapped (field->button, "key-press-event", G_CALLBACK (on_key), field);
  g_signal_connect_swapped (field->button, "focus-out-event", G_CALLBACK (on_focus_out), field);
}

GtkWidget *
pf_key_field_new (void)
{
  return g_object_new (PF_TYPE_KEY_FIELD, NULL);
}

/**
 * pf_key_field_get_accel:
 * @error: what is wrong with what was typed
 *
 * Returns: (transfer full) (nullable): the key combination
 */
PfAccel *
pf_key_field_get_accel (PfKeyField *field, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_entry_get_text (GTK_ENTRY (field->entry))));

  return pf_accel_parse (text, error);
}

/**
 * pf_key_field_get_entry:
 *
 * Returns: (transfer none): where it is typed, for a label that names it
 */
GtkWidget *
pf_key_field_get_entry (PfKeyField *field)
{
  return field->entry;
}
