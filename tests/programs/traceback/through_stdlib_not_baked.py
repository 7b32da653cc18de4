import configparser

parser = configparser.ConfigParser()
parser.read_string("no section\n")
