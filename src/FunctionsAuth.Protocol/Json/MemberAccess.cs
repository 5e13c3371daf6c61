using System.Reflection;

namespace FunctionsAuth.Protocol.Json;

/// <summary>
/// Reads and sets a property by delegates of its accessors. <see cref="PropertyInfo.SetValue(object?, object?)"/> would compile a method for each property
/// at its second use.
/// </summary>
internal abstract class MemberAccess
{
    public abstract object? Get(object record);

    public abstract void Set(object record, object? value);

    /// <summary>The value types that records have are named here, so that they are compiled ahead of time. References share one compiled form.</summary>
    public static MemberAccess Of<T>(PropertyInfo property)
        where T : class => property.PropertyType switch
        {
            { } type when type == typeof(bool) => new MemberAccess<T, bool>(property),
            { } type when type == typeof(bool?) => new MemberAccess<T, bool?>(property),
            { } type when type == typeof(long?) => new MemberAccess<T, long?>(property),
            { } type when type == typeof(DateTimeOffset) => new MemberAccess<T, DateTimeOffset>(property),
            { } type when type == typeof(DateTimeOffset?) => new MemberAccess<T, DateTimeOffset?>(property),
            var type => (MemberAccess)Activator.CreateInstance(typeof(MemberAccess<,>).MakeGenericType(typeof(T), type), [property])!,
        };
}

internal sealed class MemberAccess<T, TValue>(PropertyInfo property) : MemberAccess
    where T : class
{
    private readonly Func<T, TValue> get = property.GetMethod!.CreateDelegate<Func<T, TValue>>();
    private readonly Action<T, TValue> set = property.SetMethod!.CreateDelegate<Action<T, TValue>>();

    public override object? Get(object record) => get((T)record);

    public override void Set(object record, object? value) => set((T)record, (TValue)value!);
}
