namespace FunctionsAuth.Storage.Tests;

/// <summary>What the product relies on in a table, whoever keeps it. Each kind of table runs all of it.</summary>
public abstract partial class TableSuite : TableBehaviour;
