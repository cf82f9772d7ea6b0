/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-options.h"

#include <glib/gi18n.h>

#include "pf-vm-choice.h"
#include "pf-widgets.h"

struct _PfProfileOptions
{
  GtkBox parent;
  GtkWidget *side;
  GtkWidget *confirm;
  GtkWidget *seconds;
  GtkWidget *on_vm_exit;
  GtkWidget *super_speed_off;
  GtkWidget *lock_on_switch;
  GtkWidget *guest_may_switch;
  GtkWidget *vfio_user;
  GtkWidget *vfio_group;
  GtkWidget *vm;
  gboolean showing; /* what changes now is not a person's doing */
};

G_DEFINE_TYPE (PfProfileOptions, pf_profile_options, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_changed (PfProfileOptions *options)
{
  if (!options->showing)
    g_signal_emit (options, signals[CHANGED], 0);
}

static void
on_confirm_changed (GtkComboBox *confirm, PfProfileOptions *options)
{
  gtk_widget_set_sensitive (options->seconds, gtk_combo_box_get_active (confirm) != PF_CONFIRM_NEVER);
}

/* The helper has to know who runs the virtual machine where nobody who could be asked switches. */
static void
on_guest_toggled (GtkToggleButton *guest, PfProfileOptions *options)
{
  GtkEntry *user = GTK_ENTRY (options->vfio_user);

  if (!options->showing && gtk_toggle_button_get_active (guest) && gtk_entry_get_text_length (user) == 0)
    gtk_entry_set_text (user, g_get_user_name ());
  on_changed (options);
}

/* The rows of a combo box are the values of an enumeration, in its order. */
static GtkWidget *
add_choice (PfProfileOptions *options, const char *mnemonic, const char *const *words)
{
  GtkWidget *combo = gtk_combo_box_text_new ();

  for (guint i = 0; words[i] != NULL; i++)
    gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (combo), _ (words[i]));
  g_signal_connect_swapped (combo, "changed", G_CALLBACK (on_changed), options);
  gtk_container_add (GTK_CONTAINER (options), pf_widgets_row (mnemonic, combo));
  return combo;
}

static GtkWidget *
add_check (PfProfileOptions *options, const char *mnemonic, const char *tip)
{
  GtkWidget *check = gtk_check_button_new_with_mnemonic (mnemonic);

  gtk_widget_set_tooltip_text (check, tip);
  gtk_container_add (GTK_CONTAINER (options), check);
  return check;
}

static GtkWidget *
add_entry (PfProfileOptions *options, const char *mnemonic, const char *placeholder)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (on_changed), options);
  gtk_container_add (GTK_CONTAINER (options), pf_widgets_row (mnemonic, entry));
  return entry;
}

static void
read_entry (GtkWidget *entry, char **text)
{
  g_free (*text);
  *text = g_strstrip (g_strdup (gtk_entry_get_text (GTK_ENTRY (entry))));
}

/**
 * pf_profile_options_show:
 * @options: the options
 * @draft: what they are from now on
 */
void
pf_profile_options_show (PfProfileOptions *options, const PfProfileDraft *draft)
{
  options->showing = TRUE;
  gtk_combo_box_set_active (GTK_COMBO_BOX (options->side), (int) draft->side);
  gtk_combo_box_set_active (GTK_COMBO_BOX (options->confirm), (int) draft->confirm);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (options->seconds), draft->confirm_seconds);
  gtk_combo_box_set_active (GTK_COMBO_BOX (options->on_vm_exit), (int) draft->on_vm_exit);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (options->super_speed_off), draft->super_speed_off);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (options->lock_on_switch), draft->lock_on_switch);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (options->guest_may_switch), draft->guest_may_switch);
  gtk_entry_set_text (GTK_ENTRY (options->vfio_user), draft->vfio_user);
  gtk_entry_set_text (GTK_ENTRY (options->vfio_group), draft->vfio_group);
  pf_vm_choice_show (PF_VM_CHOICE (options->vm), draft);
  options->showing = FALSE;
}

/**
 * pf_profile_options_read:
 * @options: the options
 * @draft: takes what a person has made of them
 */
void
pf_profile_options_read (PfProfileOptions *options, PfProfileDraft *draft)
{
  draft->side = (PfSide) gtk_combo_box_get_active (GTK_COMBO_BOX (options->side));
  draft->confirm = (PfConfirm) gtk_combo_box_get_active (GTK_COMBO_BOX (options->confirm));
  draft->confirm_seconds = (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (options->seconds));
  draft->on_vm_exit = (PfOnVmExit) gtk_combo_box_get_active (GTK_COMBO_BOX (options->on_vm_exit));
  draft->super_speed_off = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (options->super_speed_off));
  draft->lock_on_switch = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (options->lock_on_switch));
  draft->guest_may_switch = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (options->guest_may_switch));
  read_entry (options->vfio_user, &draft->vfio_user);
  read_entry (options->vfio_group, &draft->vfio_group);
  pf_vm_choice_read (PF_VM_CHOICE (options->vm), draft);
}

static void
pf_profile_options_class_init (PfProfileOptionsClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", PF_TYPE_PROFILE_OPTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
add_controls (PfProfileOptions *options)
{
  static const char *const confirms[]
      = { N_ ("Until it was kept once"), N_ ("Every time"), N_ ("Never"), NULL };
  static const char *const exits[] = { N_ ("Bring it home if it has keyboard or mouse"), N_ ("Bring it home"),
                                       N_ ("Leave it as it is"), N_ ("Go back to the profile before"), NULL };
  static const char *const sides[]
      = { N_ ("To the controller that the guest has"), N_ ("To the EHCI"), N_ ("To the xHCI"), NULL };

  options->confirm = add_choice (options, _ ("_Go back unless kept"), confirms);
  options->seconds = gtk_spin_button_new_with_range (PF_CONFIRM_MIN_SECONDS, PF_CONFIRM_MAX_SECONDS, 1);
  g_signal_connect_swapped (options->seconds, "value-changed", G_CALLBACK (on_changed), options);
  gtk_container_add (GTK_CONTAINER (options), pf_widgets_row (_ ("Secon_ds to keep it"), options->seconds));
  options->on_vm_exit = add_choice (options, _ ("When the _virtual machine ends"), exits);
  options->side = add_choice (options, _ ("_Where sockets are routed"), sides);
  options->super_speed_off
      = add_check (options, _ ("Switch the S_uperSpeed half of its sockets off meanwhile"),
                   _ ("Fast devices then fall back to USB 2 and go along with the socket."));
  options->lock_on_switch = add_check (options, _ ("_Lock the screen when keyboard or mouse leave"), NULL);
  options->guest_may_switch
      = add_check (options, _ ("The guest m_ay switch to it itself"),
                   _ ("By a line to its serial port. “portferryctl guest-kit” has what the guest needs."));
  options->vfio_user = add_entry (options, _ ("Use_r who runs the virtual machine"), _ ("whoever switches"));
  options->vfio_group = add_entry (options, _ ("Grou_p that may use it as well"), _ ("none"));
  options->vm = pf_vm_choice_new ();
  gtk_container_add (GTK_CONTAINER (options), options->vm);
  g_signal_connect_swapped (options->vm, "changed", G_CALLBACK (on_changed), options);
  g_signal_connect (options->confirm, "changed", G_CALLBACK (on_confirm_changed), options);
  g_signal_connect_swapped (options->super_speed_off, "toggled", G_CALLBACK (on_changed), options);
  g_signal_connect_swapped (options->lock_on_switch, "toggled", G_CALLBACK (on_changed), options);
  g_signal_connect (options->guest_may_switch, "toggled", G_CALLBACK (on_guest_toggled), options);
}

static void
pf_profile_options_init (PfProfileOptions *options)
{
  add_controls (options);
  gtk_widget_show_all (GTK_WIDGET (options));
}

GtkWidget *
pf_profile_options_new (void)
{
  return g_object_new (PF_TYPE_PROFILE_OPTIONS, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 8, NULL);
}
