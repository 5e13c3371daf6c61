namespace FunctionsAuth.Protocol.Tests.Architecture.Samples.Above;

internal interface IHigher;

internal class Higher
{
    public static readonly object Value = new();

    public static string Static() => "";
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class HigherAttribute : Attribute;

internal sealed class HigherException : Exception;
