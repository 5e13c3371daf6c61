using FunctionsAuth.Protocol.Tests.Architecture.Samples.Above;

namespace FunctionsAuth.Protocol.Tests.Architecture.Samples;

// Each type knows one that lies above it, in another way. They are only compiled.
internal sealed class KnowsByBase : Higher;

internal sealed class KnowsByInterface : IHigher;

internal sealed class KnowsByField
{
    public List<Higher>? Field = null;
}

internal sealed class KnowsByParameter
{
    public static void Use(Higher[] higher) => _ = higher;
}

internal sealed class KnowsByConstraint<T>
    where T : Higher;

internal sealed class KnowsByGenericArgument : List<IReadOnlyList<Higher>>;

[Higher]
internal sealed class KnowsByAttribute;

[System.ComponentModel.TypeConverter(typeof(Higher))]
internal sealed class KnowsByTypeInAttribute;

internal sealed class KnowsByCall
{
    public static string Call() => Higher.Static();
}

internal sealed class KnowsByGenericCall
{
    public static object Call() => Enumerable.Empty<Higher>();
}

internal sealed class KnowsByStaticField
{
    public static object Read() => Higher.Value;
}

internal sealed class KnowsByCatch
{
    public static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (HigherException)
        {
        }
    }
}

internal sealed class KnowsByCast
{
    public static bool Is(object value) => value is Higher;
}

internal sealed class KnowsByLambda
{
    public static Func<string> Make(int number) => () => Higher.Static() + number;
}

internal sealed class KnowsByAwaiting
{
    public static async Task<int> WaitAsync()
    {
        await Task.Yield();
        return Higher.Static().Length;
    }
}
