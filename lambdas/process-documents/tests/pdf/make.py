"""Writes the PDFs that `process-documents` is tested with: `make.py FOLDER`.

Needs reportlab, fpdf2 with cryptography, weasyprint and pymupdf.
"""
import sys
L1="P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"; L2="L898902C36UTO7408122F1204159ZE184226B<<<<<10"
ROWS=[("Surname","Eriksson"),("Given names","Anna Maria"),("Nationality","Utopian"),("Date of birth","12 AUG 1974"),("Sex","F"),("Passport No.","L898902C3"),("Date of expiry","15 APR 2012"),("Address","12 Björkgatan, 123 45 Zenith")]
out=sys.argv[1]
def reportlab_lines():
    from reportlab.pdfgen import canvas
    c=canvas.Canvas(out+"/lines.pdf",invariant=1,pageCompression=1); c.setFont("Helvetica",11)
    y=780
    for k,v in ROWS: c.drawString(60,y,f"{k}: {v}"); y-=18
    c.setFont("Courier",10); c.drawString(60,100,L1); c.drawString(60,86,L2); c.save()
def reportlab_columns():
    from reportlab.pdfgen import canvas
    c=canvas.Canvas(out+"/columns.pdf",invariant=1,pageCompression=1); 
    # values first, labels after, right to left: order on the page is not order in the file
    c.setFont("Times-Bold",11); y=780
    for k,v in ROWS: c.drawString(250,y,v); y-=18
    c.setFont("Times-Roman",11); y=780
    for k,v in ROWS: c.drawString(60,y,k); y-=18
    c.setFont("Courier",10); c.drawString(60,86,L2); c.drawString(60,100,L1); c.save()
def reportlab_form():
    from reportlab.pdfgen import canvas
    c=canvas.Canvas(out+"/form.pdf",invariant=1); c.setFont("Helvetica",11); f=c.acroForm; y=780
    for k,v in ROWS:
        c.drawString(60,y,k); f.textfield(name=k,value=v if v.isascii() else "12 Bjorkgatan, 123 45 Zenith",x=180,y=y-4,width=200,height=16,borderWidth=0); y-=24
    c.save()
def fpdf_cells():
    import datetime
    from fpdf import FPDF
    p=FPDF(); p.set_creation_date(datetime.datetime(2026,1,1,tzinfo=datetime.timezone.utc)); p.add_page(); p.set_font("helvetica",size=11)
    for k,v in ROWS:
        p.cell(45,8,k+":",border=1); p.cell(90,8,v,border=1); p.ln()
    p.set_font("courier",size=10); p.ln(10); p.cell(0,5,L1); p.ln(); p.cell(0,5,L2); p.output(out+"/cells.pdf")
def fpdf_owner():
    # Everyone may open it; only the owner may change it.
    from fpdf import FPDF
    from fpdf.enums import EncryptionMethod
    p=FPDF(); p.add_page(); p.set_font("helvetica",size=11)
    p.set_encryption(owner_password="secret", user_password="", encryption_method=EncryptionMethod.AES_128)
    for k,v in ROWS:
        p.cell(0,8,f"{k}: {v}"); p.ln()
    p.output(out+"/owner.pdf")
def weasy():
    import weasyprint
    rows="".join(f"<tr><th>{k}</th><td>{v}</td></tr>" for k,v in ROWS)
    h=f"<html><style>body{{font-family:'DejaVu Sans',sans-serif}} td,th{{text-align:left;padding:2px 24px 2px 0}} pre{{font-family:monospace;letter-spacing:1px}}</style><body><h1>Republic of Utopia</h1><table>{rows}</table><pre>{L1.replace('<','&lt;')}\n{L2.replace('<','&lt;')}</pre></body></html>"
    weasyprint.HTML(string=h).write_pdf(out+"/page.pdf")
def mupdf():
    import pymupdf as fitz
    d=fitz.open(); p=d.new_page(); y=60
    for k,v in ROWS:
        p.insert_text((60,y),f"{k}: {v}",fontname="tiro",fontsize=11); y+=18
    p.insert_text((60,400),[L1,L2],fontname="cour",fontsize=10)
    d.save(out+"/streams.pdf",deflate=True,garbage=4,use_objstms=1)
    d.save(out+"/locked.pdf",encryption=fitz.PDF_ENCRYPT_AES_256,user_pw="secret",owner_pw="secret2")
    d=fitz.open(); p=d.new_page(); p.draw_rect((50,50,200,200)); d.save(out+"/empty.pdf",deflate=True,garbage=4)
    d=fitz.open()
    for i in range(25):
        p=d.new_page(); p.insert_text((60,60),f"page {i}")
    d.save(out+"/pages.pdf",deflate=True,garbage=4)
for f in (reportlab_lines,reportlab_columns,reportlab_form,fpdf_cells,fpdf_owner,weasy,mupdf):
    try: f()
    except Exception as e: print(f.__name__, repr(e)[:300])
