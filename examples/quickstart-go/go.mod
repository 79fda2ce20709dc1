module connect-quickstart-go

go 1.25
