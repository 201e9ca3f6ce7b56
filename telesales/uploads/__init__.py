"""Tables that strangers send: recognised and read without trusting them. (`spreadsheet` writes them.)"""
