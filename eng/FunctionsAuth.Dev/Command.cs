namespace FunctionsAuth.Dev;

/// <param name="Value">The name of its value in the help; null if it has no value.</param>
internal sealed record Option(string Name, string? Value, string Help)
{
    public override string ToString() => Value is null ? Name : $"{Name} {Value}";
}

/// <param name="Name">One word or two: <c>run</c>, <c>keys rotate</c>.</param>
/// <param name="Operands">The names in the help. Those in square brackets can be left out.</param>
internal sealed record Command(string Name, string[] Operands, string Help, Option[] Options, Func<Arguments, CancellationToken, Task<int>> RunAsync)
{
    /// <summary>The first line of the help.</summary>
    public string Summary => Help.Split('\n')[0];

    public string Usage => string.Join(' ', [Name, .. Operands]);

    public int OperandsNeeded => Operands.Count(operand => !operand.StartsWith('['));
}
