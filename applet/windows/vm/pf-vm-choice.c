/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-vm-choice.h"

#include <glib/gi18n.h>

#include "pf-widgets.h"

/* In the order of the rows. */
typedef enum
{
  KIND_NONE,
  KIND_QMP,
  KIND_LIBVIRT,
} Kind;

struct _PfVmChoice
{
  GtkBox parent;
  GtkWidget *kind;
  GtkWidget *qmp;
  GtkWidget *domain;
  GtkWidget *uri;
  GtkWidget *rows[3]; /* of the entries */
  gboolean showing;   /* what changes now is not a person's doing */
};

G_DEFINE_TYPE (PfVmChoice, pf_vm_choice, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_changed (PfVmChoice *choice)
{
  Kind kind = (Kind) gtk_combo_box_get_active (GTK_COMBO_BOX (choice->kind));

  gtk_widget_set_visible (choice->rows[0], kind == KIND_QMP);
  gtk_widget_set_visible (choice->rows[1], kind == KIND_LIBVIRT);
  gtk_widget_set_visible (choice->rows[2], kind == KIND_LIBVIRT);
  if (!choice->showing)
    g_signal_emit (choice, signals[CHANGED], 0);
}

/**
 * pf_vm_choice_show:
 * @choice: a choice
 * @draft: what it is from now on
 */
void
pf_vm_choice_show (PfVmChoice *choice, const PfProfileDraft *draft)
{
  Kind kind = draft->qmp[0] != '\0' ? KIND_QMP : draft->libvirt_domain[0] != '\0' ? KIND_LIBVIRT : KIND_NONE;

  choice->showing = TRUE;
  gtk_entry_set_text (GTK_ENTRY (choice->qmp), draft->qmp);
  gtk_entry_set_text (GTK_ENTRY (choice->domain), draft->libvirt_domain);
  gtk_entry_set_text (GTK_ENTRY (choice->uri), draft->libvirt_uri);
  gtk_combo_box_set_active (GTK_COMBO_BOX (choice->kind), (int) kind);
  on_changed (choice);
  choice->showing = FALSE;
}

static void
read_entry (GtkWidget *entry, gboolean counts, char **text)
{
  g_free (*text);
  *text = counts ? g_strstrip (g_strdup (gtk_entry_get_text (GTK_ENTRY (entry)))) : g_strdup ("");
}

/**
 * pf_vm_choice_read:
 * @choice: a choice
 * @draft: takes what a person has made of it; what is not shown does not count
 */
void
pf_vm_choice_read (PfVmChoice *choice, PfProfileDraft *draft)
{
  Kind kind = (Kind) gtk_combo_box_get_active (GTK_COMBO_BOX (choice->kind));

  read_entry (choice->qmp, kind == KIND_QMP, &draft->qmp);
  read_entry (choice->domain, kind == KIND_LIBVIRT, &draft->libvirt_domain);
  read_entry (choice->uri, kind == KIND_LIBVIRT, &draft->libvirt_uri);
}

static GtkWidget *
add_entry (PfVmChoice *choice, guint row, const char *mnemonic, const char *placeholder)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_entry_set_width_chars (GTK_ENTRY (entry), 28);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (on_changed), choice);
  choice->rows[row] = pf_widgets_row (mnemonic, entry);
  gtk_widget_show_all (choice->rows[row]);
  gtk_widget_set_no_show_all (choice->rows[row], TRUE);
  gtk_widget_hide (choice->rows[row]);
  gtk_container_add (GTK_CONTAINER (choice), choice->rows[row]);
  return entry;
}

static void
pf_vm_choice_class_init (PfVmChoiceClass *klass)
{
  signals[CHANGED]
      = g_signal_new ("changed", PF_TYPE_VM_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pf_vm_choice_init (PfVmChoice *choice)
{
  static const char *const kinds[]
      = { N_ ("Not named"), N_ ("QEMU, by its QMP socket"), N_ ("A domain of libvirt") };

  choice->kind = gtk_combo_box_text_new ();
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (choice->kind), _ (kinds[i]));
  gtk_widget_set_tooltip_text (choice->kind,
                               _ ("Controllers can then be plugged into it and out of it while it runs."));
  gtk_container_add (GTK_CONTAINER (choice), pf_widgets_row (_ ("Virtual mac_hine"), choice->kind));
  choice->qmp = add_entry (choice, 0, _ ("_QMP socket"), "%t/windows.qmp");
  choice->domain = add_entry (choice, 1, _ ("D_omain"), "win11");
  choice->uri = add_entry (choice, 2, _ ("URI of li_bvirt"), "qemu:///system");
  g_signal_connect_swapped (choice->kind, "changed", G_CALLBACK (on_changed), choice);
}

GtkWidget *
pf_vm_choice_new (void)
{
  return g_object_new (PF_TYPE_VM_CHOICE, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 8, NULL);
}
